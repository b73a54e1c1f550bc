"""Shareholders and everybody else in the case, each entered once on a page of their own."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from kernel.applicants import page_views
from kernel.applicants.draft import Draft, filled_draft
from kernel.applicants.inputs import cut_short
from kernel.applicants.pages import PAGES
from kernel.applicants.pages.person import PersonForm
from kernel.applicants.signed_in import not_saved, signed_in
from kernel.cases import actions
from kernel.cases.actions.editing import seen_mark
from kernel.cases.actions.people import require_room
from kernel.cases.models import Person
from kernel.core import requested
from kernel.core.certain import certain
from kernel.core.errors import NotAllowed, Refused
from kernel.form.filing import ROLES, SHAREHOLDERS
from kernel.standards.display import role_title

AT_LEAST = (
    "name",
    "id_number",
    "uscc",
    "phone",
)  # one of these typed, and the person is worth keeping


@dataclass(frozen=True)
class Place:
    """Where a person is entered from: the page, the role they get there, and what kind of person they are."""

    section: str
    role: str
    kind: str

    @property
    def is_shareholder(self) -> bool:
        return self.section == SHAREHOLDERS


def _place(draft: Draft, request, person: Person | None) -> Place:
    """Of a known person, the page that owns the entry; a new one is entered for a role, or else as a shareholder."""
    if person is not None:
        return Place(draft.filing.section_of(draft.filing.by_uid[str(person.uid)]), "", person.kind)
    section = requested.one_of(request, "section", ROLES)
    if role := requested.one_of(request, "role", ROLES.get(section, ())):
        return Place(section, role, Person.Kind.NATURAL)
    usual = (
        Person.Kind.NATURAL if certain(draft.kind).takes(Person.Kind.NATURAL) else Person.Kind.LEGAL
    )
    wanted = requested.one_of(request, "kind", Person.Kind.values, usual)
    return Place(SHAREHOLDERS, "", wanted if certain(draft.kind).takes(wanted) else usual)


def _person(draft: Draft, uid: str) -> Person | None:
    return next((person for person in draft.people if str(person.uid) == uid), None)


def _uid(request) -> str:
    """The uid under which the page enters somebody: the same for every save of it, so that none enters them again."""
    try:
        return str(UUID(request.POST.get("uid", "")))
    except ValueError:
        return str(uuid4())


@login_required
@never_cache
@sensitive_post_parameters()
def new(request, ref):
    draft, uid = filled_draft(request.user, ref), _uid(request)
    return _entry(request, draft, uid, _person(draft, uid))


@login_required
@never_cache
@sensitive_post_parameters()
def edit(request, ref, uid):
    """Raises Http404 for somebody who isn't in this case."""
    draft = filled_draft(request.user, ref)
    person = _person(draft, str(uid))
    if person is None:
        raise Http404
    return _entry(request, draft, str(uid), person)


def _entry(request, draft: Draft, uid: str, person: Person | None):
    place = _place(draft, request, person)
    page = draft.page_of(person) if person else place.section
    if page not in draft.editable:
        return page_views.locked(request, draft, page)
    data = request.POST if request.method == "POST" else None
    form = PersonForm(draft, place.kind, place.is_shareholder, data, person, place.role)
    if data is None:
        return _full(request, draft, place, person) or _show(
            request, draft, form, uid, person, place
        )
    try:
        person = _keep(request, draft, form, uid, place)
        if known := request.POST.get("same"):
            _act(actions.merge_people, request, draft, uid, into=known)
            return redirect(
                "filing:page", ref=draft.application.number, section=_back(request, place)
            )
    except Refused as refused:
        return _show(request, draft, form, uid, person, place, refused=refused, status=409)
    if not form.is_valid():
        return _show(request, draft, form, uid, person, place, status=422)
    for row in form.rare():
        if row["rare"]:
            messages.info(request, row["rare"])
    return redirect("filing:page", ref=draft.application.number, section=_back(request, place))


def _full(request, draft: Draft, place: Place, person: Person | None):
    """Back with the reason, before anybody types a person for whom there is no room; None where there is."""
    if person is None:
        try:
            require_room(draft.application, place.is_shareholder)
        except Refused as refused:
            messages.warning(request, str(refused))
            return redirect(
                "filing:page", ref=draft.application.number, section=_back(request, place)
            )
    return None


def _keep(request, draft: Draft, form: PersonForm, uid: str, place: Place) -> Person:
    """Store the person as typed, right or wrong. Raises Refused."""
    return actions.save_person(
        actor=request.user,
        application_id=draft.application.pk,
        uid=uid,
        data=form.typed(),
        section=place.section,
        kind=place.kind,
        role=place.role,
        seen=request.POST.get("seen"),
    )


def _act(action, request, draft: Draft, uid, **more):
    return action(actor=request.user, application_id=draft.application.pk, uid=str(uid), **more)


def _back(request, place: Place) -> str:
    """The page that the person was opened from."""
    return requested.one_of(request, "section", (*ROLES, SHAREHOLDERS)) or place.section


def _show(
    request,
    draft: Draft,
    form: PersonForm,
    uid: str,
    person,
    place: Place,
    refused=None,
    status=200,
):
    errors, back = page_views.summary(form, refused), _back(request, place)
    context = {
        "draft": draft,
        "application": draft.application,
        "form": form,
        "person": person,
        "place": place,
        "uid": uid,
        "back": back,
        "back_title": draft.form.label(back),
        "here": _heading(draft, place),
        "role": role_title(draft.form, place.role) if place.role else "",
        "errors": errors,
        "has_errors": bool(errors),
        "seen": seen_mark(person.data) if person else "",
        "rows": form.rows({}),
        "pins": draft.pins_of(place.section).values(),
        "query": requested.query(request),
        "summed": form.summed(uid),
        "elsewhere": form.elsewhere() if refused else [],
    }
    return render(request, "applicants/person.html", context, status=status)


def _heading(draft: Draft, place: Place) -> str:
    if place.is_shareholder:
        legal = place.kind == Person.Kind.LEGAL
        return _("Shareholding company") if legal else str(role_title(draft.form, "shareholder"))
    return _("Person")


@signed_in(not_saved)
@never_cache
@require_POST
@sensitive_post_parameters()
def autosave(request, ref):
    """Stores a person as typed; the first time the page gets the person's own address."""
    draft, uid = filled_draft(request.user, ref), _uid(request)
    person = _person(draft, uid)
    place = _place(draft, request, person)
    form = PersonForm(draft, place.kind, place.is_shareholder, request.POST, person, place.role)
    if person is None and not any(form.typed().get(name) for name in AT_LEAST):
        return render(
            request, "applicants/_saved.html", {"nothing": True, "amounts": form.amounts()}
        )
    try:
        stored = _keep(request, draft, form, uid, place)
    except Refused as refused:
        return render(request, "applicants/_saved.html", {"refused": refused}, status=409)
    draft.application.saved_at = draft.at
    context = {
        "application": draft.application,
        "seen": seen_mark(stored.data),
        "summed": form.summed(uid),
        "amounts": form.amounts(),
        "rare": form.rare(),
        "refused": cut_short(form),
    }
    response = render(request, "applicants/_saved.html", context)
    if person is None:
        query = f"?section={_back(request, place)}"
        response["HX-Replace-Url"] = (
            reverse("filing:person", args=[draft.application.number, uid]) + query
        )
    return response


@login_required
@never_cache
@require_POST
def remove(request, ref, uid):
    """Takes a person out of the case, or a shareholder with other roles out of the shareholders."""
    draft = filled_draft(request.user, ref)
    there = [name for name in (*ROLES, SHAREHOLDERS) if draft.form.has_section(name)]
    section = requested.one_of(request, "section", there, SHAREHOLDERS)
    try:
        _act(actions.remove_person, request, draft, uid, section=section)
    except Refused as refused:
        return page_views.show(
            request, draft, section, PAGES[section](draft), refused=refused, status=409
        )
    return redirect("filing:page", ref=draft.application.number, section=section)


@login_required
@never_cache
@require_POST
def make_shareholder(request, ref, uid):
    """Somebody entered for another role founds the company too. Raises Http404 for who isn't in this case."""
    draft = filled_draft(request.user, ref)
    if _person(draft, str(uid)) is None:
        raise Http404
    try:
        _act(actions.make_shareholder, request, draft, uid)
    except NotAllowed:
        return page_views.locked(request, draft, SHAREHOLDERS)
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("filing:page", ref=draft.application.number, section=SHAREHOLDERS)
    response = redirect("filing:person", ref=draft.application.number, uid=uid)
    response["Location"] += f"?section={SHAREHOLDERS}"
    return response
