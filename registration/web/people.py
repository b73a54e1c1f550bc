"""Shareholders and everybody else in the case, each entered once on a page of their own."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from registration import actions
from registration.actions.drafts import seen_mark
from registration.errors import Refused, Stale
from registration.fields import FIELD
from registration.filing import ROLE_FIELD, ROLES
from registration.models import Person
from registration.standards.display import role_title
from registration.web import sections
from registration.web.draft import Draft, own_draft
from registration.web.forms import FORMS, PersonForm
from registration.web.forms.people import is_complete
from registration.web.signed_in import not_saved, signed_in

AT_LEAST = ("name", "id_number", "uscc", "phone")  # one of these typed, and the person is worth keeping


@login_required
@never_cache
def shareholders(request, ref, section):
    """The list of shareholders; a POST goes on when they are all right."""
    draft = own_draft(request.user, ref)
    if section not in draft.editable:
        return sections.locked(request, draft)
    form = FORMS[section](draft, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return sections.go_on(request.user, draft, section)
    return sections.show(
        request, draft, section, form, status=422 if form.is_bound else 200,
        kind=draft.kind, person_title=role_title(draft.form, "shareholder"),
        people=[(person, facts, is_complete(draft, person)) for person, facts in _shareholders(draft)],
        with_contributions=draft.filing.has("shareholders.contribution"),
        total=sum(facts.contribution_fen or 0 for facts in draft.filing.shareholders),
    )  # fmt: skip


def _shareholders(draft: Draft):
    pairs = zip(draft.people, draft.filing.people, strict=True)
    return [(person, facts) for person, facts in pairs if person.is_shareholder]


@dataclass(frozen=True)
class Place:
    """Where a person is entered from: the page, the role they get, and whether they are a shareholder."""

    section: str
    role: str
    kind: str
    is_shareholder: bool

    @property
    def role_label(self):
        return FIELD[ROLE_FIELD[self.role]].label if self.role else ""


def _place(draft: Draft, request, person: Person | None) -> Place:
    """A person's own roles say which page owns the entry, so that nobody changes a shareholder through the contacts."""
    section, role = request.GET.get("section", ""), request.GET.get("role", "")
    role = role if role in ROLES.get(section, ()) else ""
    if person is None:
        section = section if role else "shareholders"
        wanted = request.GET.get("kind", "natural" if draft.kind.takes("natural") else "legal")
        takes = draft.kind.takes(wanted)
        kind = wanted if section == "shareholders" and takes and wanted in Person.Kind.values else Person.Kind.NATURAL
        return Place(section, role, kind, section == "shareholders")
    facts = draft.filing.by_uid[str(person.uid)]
    if person.is_shareholder:
        owner = "shareholders"
    else:
        held = [role for role in ROLE_FIELD if draft.filing.holder_of(role) == facts]
        owner = FIELD[ROLE_FIELD[held[0]]].section if held else "contacts"
    return Place(owner, "", person.kind, person.is_shareholder)


def _person(draft: Draft, uid) -> Person:
    """Raises Http404 for somebody who isn't in this case."""
    for person in draft.people:
        if str(person.uid) == str(uid):
            return person
    raise Http404


@login_required
@never_cache
@sensitive_post_parameters()
def new(request, ref):
    draft = own_draft(request.user, ref)
    known = request.POST.get("uid")  # the autosave has stored this person already
    person = _person(draft, known) if known else None
    return _entry(request, draft, person, _place(draft, request, person))


@login_required
@never_cache
@sensitive_post_parameters()
def edit(request, ref, uid):
    draft = own_draft(request.user, ref)
    person = _person(draft, uid)
    return _entry(request, draft, person, _place(draft, request, person))


def _entry(request, draft: Draft, person: Person | None, place: Place):
    if place.section not in draft.editable:
        return sections.locked(request, draft)
    data = request.POST if request.method == "POST" else None
    form = PersonForm(draft, place.kind, place.is_shareholder, data, person)
    if data is None:
        return _show(request, draft, form, person, place)
    try:
        person = _keep(request, draft, form, person, place)
    except Refused as refused:
        return _show(request, draft, form, person, place, refused=refused, status=409)
    if not form.is_valid():
        return _show(request, draft, form, person, place, status=422)
    return redirect("filing:page", ref=draft.application.number, section=_back(request, place))


def _keep(request, draft: Draft, form: PersonForm, person: Person | None, place: Place) -> Person:
    """Store the person as typed and, for a new one entered for a role, the role. Raises Refused."""
    seen = request.POST.get("seen")
    if person and seen and seen != seen_mark(person.data) and form.typed() != person.data:
        raise Stale
    stored = actions.save_person(
        actor=request.user, application_id=draft.application.pk, uid=str(person.uid) if person else None,
        kind=place.kind, is_shareholder=place.is_shareholder, data=form.typed(), section=place.section,
    )  # fmt: skip
    if place.role:
        roles = {**draft.stored(place.section), place.role: str(stored.uid)}
        actions.save_section(
            actor=request.user, application_id=draft.application.pk, section=place.section, values=roles
        )
    return stored


def _back(request, place: Place) -> str:
    """The page that the person was opened from."""
    wanted = request.GET.get("section", "")
    return wanted if wanted in (*ROLES, "shareholders") else place.section


def _show(request, draft: Draft, form, person, place: Place, refused=None, status=200):
    errors = sections.summary(form, refused)
    context = {
        "draft": draft, "application": draft.application, "form": form, "person": person, "place": place,
        "back": _back(request, place), "errors": errors, "has_errors": bool(errors),
        "seen": seen_mark(person.data) if person else "", "rows": sections.rows(form, {}),
        "pins": draft.pins_of(place.section).values(), "query": request.GET.urlencode(),
        "back_title": draft.form.label(_back(request, place)), "here": _heading(draft, place),
    }  # fmt: skip
    return render(request, "registration/person.html", context, status=status)


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
    """Stores a person as typed; the first time it answers with the person's own address."""
    draft = own_draft(request.user, ref)
    person = _person(draft, request.POST["uid"]) if request.POST.get("uid") else None
    place = _place(draft, request, person)
    form = PersonForm(draft, place.kind, place.is_shareholder, request.POST, person)
    if person is None and not any(form.typed().get(name) for name in AT_LEAST):
        return render(request, "registration/_saved.html", {"nothing": True})
    try:
        stored = _keep(request, draft, form, person, place)
    except Refused as refused:
        return render(request, "registration/_saved.html", {"refused": refused}, status=409)
    draft.application.saved_at = draft.at
    context = {"application": draft.application, "seen": seen_mark(stored.data), "uid": stored.uid}
    response = render(request, "registration/_saved.html", context)
    if person is None:
        query = f"?section={_back(request, place)}"
        response["HX-Replace-Url"] = reverse("filing:person", args=[draft.application.number, stored.uid]) + query
    return response


@login_required
@never_cache
@require_POST
def remove(request, ref, uid):
    """Takes a person out of the case and out of every role."""
    draft = own_draft(request.user, ref)
    person = _person(draft, uid)
    place = _place(draft, request, person)
    try:
        actions.remove_person(actor=request.user, application_id=draft.application.pk, uid=str(person.uid))
    except Refused as refused:
        form = FORMS[place.section](draft)
        return sections.show(request, draft, place.section, form, refused=refused, status=409)
    return redirect("filing:page", ref=draft.application.number, section=_back(request, place))

