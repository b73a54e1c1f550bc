"""A page of the form in the browser: shown, saved as typed, and where to go next."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from kernel.applicants.draft import Draft, filled_draft
from kernel.applicants.inputs import cut_short
from kernel.applicants.name_views import reserve
from kernel.applicants.pages import PAGES, FormPage
from kernel.applicants.progress import next_unfinished
from kernel.applicants.signed_in import not_saved, signed_in
from kernel.cases import actions, agency
from kernel.cases.actions.editing import seen_mark
from kernel.core.errors import Refused
from kernel.core.ui.form_errors import form_errors
from kernel.form.fields import FIELD
from kernel.form.filing import ROLES
from kernel.standards.display import display
from kernel.standards.rules.company import type_by_the_majority


def open_page(request, ref: str, section: str) -> Draft:
    """The draft, if this page exists. Raises Http404."""
    draft = filled_draft(request.user, ref)
    if not draft.form.has_section(section):
        raise Http404
    return draft


def locked(request, draft: Draft, section: str):
    """Back to the case, with the reason why this page can't be changed now."""
    usual = _(
        "This page can't be changed now: it is with the departments, or they did not ask for it."
    )
    fault = draft.fault_in(section) if section in draft.open_now else None
    messages.info(request, agency.refusal(fault) if fault else usual)
    return redirect("filing:tasks", ref=draft.application.number)


@sensitive_post_parameters()
@login_required
@never_cache
def page(request, ref, section):
    """Shows the stored answers; a POST stores them as typed, then goes on if they are right."""
    draft = open_page(request, ref, section)
    if section not in draft.editable:
        return locked(request, draft, section)
    form = PAGES[section](draft, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return show(request, draft, section, form)
    try:
        save(request, draft, section, form)
    except Refused as refused:
        return show(request, draft, section, form, refused=refused, status=409)
    if aside := _aside(request, draft, section, form):
        return aside
    if form.is_valid():
        return go_on(request.user, draft, section)
    return show(request, filled_draft(request.user, ref), section, form, status=422)


def save(request, draft: Draft, section: str, form) -> None:
    application = actions.save_section(
        actor=request.user,
        application_id=draft.application.pk,
        section=section,
        values=form.typed(),
        seen=request.POST.get("seen"),
    )
    draft.application.saved_at = application.saved_at


def _aside(request, draft: Draft, section: str, form):
    """Buttons beside "Save and continue" that work without JavaScript: look something up, enter another person."""
    role = request.POST.get("enter")
    if role in ROLES.get(section, ()):
        response = redirect("filing:person-new", ref=draft.application.number)
        response["Location"] += f"?section={section}&role={role}"
        return response
    if section == "shareholders" and "take_type" in request.POST:
        return _take_type(request, draft)
    if section == "name" and "choose" in request.POST:
        return redirect("filing:page", ref=draft.application.number, section=section)
    if section == "name" and "reserve" in request.POST:
        return reserve(request, draft)
    if "look" in request.POST:
        fresh = filled_draft(request.user, draft.application.number)
        return show(request, fresh, section, PAGES[section](fresh))
    return None


def _take_type(request, draft: Draft):
    """The company becomes of the type that its shareholders decide, in one press."""
    if not draft.may_take_type:
        return locked(request, draft, "name")
    if right := type_by_the_majority(draft.filing):
        values = {**draft.stored("name"), "company_type": right.code}
        actions.save_section(
            actor=request.user, application_id=draft.application.pk, section="name", values=values
        )
        messages.success(request, _("The company type is now “%(type)s”.") % {"type": right.name})
    return redirect("filing:page", ref=draft.application.number, section="shareholders")


def go_on(user, draft: Draft, section: str):
    """To the next unfinished page; a case that waits for its applicant goes back to what was asked."""
    fresh = filled_draft(user, draft.application.number)
    following = next_unfinished(fresh, section) if fresh.is_draft else None
    if following:
        return redirect("filing:page", ref=fresh.application.number, section=following)
    return redirect(
        "filing:check" if fresh.is_draft else "filing:tasks", ref=fresh.application.number
    )


def _titled(draft: Draft, section: str):
    return next(page for page in draft.form.sections if page.key == section)


def show(request, draft: Draft, section: str, form: FormPage, refused=None, status=200, **more):
    errors = summary(form, refused)
    context = {
        "draft": draft,
        "application": draft.application,
        "section": _titled(draft, section),
        "form": form,
        "departments": draft.form.departments_of(section),
        "pins": draft.pins_of(section).values(),
        "seen": seen_mark(draft.stored(section)),
        "asking": form.asking,
        "errors": errors,
        "has_errors": bool(errors),
        "rows": form.rows(draft.pins_of(section)),
        "elsewhere": elsewhere(draft, section, form) if refused and form.is_bound else [],
        **form.context(request),
        **more,
    }
    return render(request, form.template, context, status=status)


def summary(form, refused=None) -> list[dict]:
    """What is wrong, for the top of the page, each with the place it leads to."""
    return [{"target": "", "text": refused.sentence}] if refused else form_errors(form)


def elsewhere(draft: Draft, section: str, form) -> list[dict]:
    """What is stored now and differs from what is on this page."""
    typed = form.typed()
    return [
        {
            "label": draft.form.label(f"{section}.{name}"),
            "value": display(draft.filing, f"{section}.{name}"),
        }
        for name, value in draft.stored(section).items()
        if typed.get(name, value) != value and f"{section}.{name}" in FIELD
    ]


@sensitive_post_parameters()
@signed_in(not_saved)
@never_cache
@require_POST
def autosave(request, ref, section):
    """Stores what is typed, right or wrong, and says when."""
    draft = open_page(request, ref, section)
    form = PAGES[section](draft, request.POST)
    try:
        save(request, draft, section, form)
    except Refused as refused:
        return render(request, "applicants/_saved.html", {"refused": refused}, status=409)
    context = {
        "application": draft.application,
        "seen": seen_mark(form.typed()),
        "amounts": form.amounts(),
        "rare": form.rare(),
        "refused": cut_short(form),
    }
    if request.POST.get("asking", "") != form.asking:
        fresh = PAGES[section](filled_draft(request.user, ref))
        rows = fresh.rows(draft.pins_of(section))
        context |= {"changed": [row for row in rows if row["conditional"]], "asking": form.asking}
    return render(request, "applicants/_saved.html", context)
