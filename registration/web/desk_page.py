"""What an officer's page shows of a case: read once, and only what the department uses."""

from dataclasses import dataclass
from functools import cached_property

from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.privacy import mask_id, mask_name, mask_phone
from registration import catalogue, deferrals, filing, flow, rights, standards
from registration.access import access_application
from registration.fields import FIELD, GROUPS, SECTIONS, Form, form
from registration.models import Application, Correction, Deferral, Escalation, Event, Stage
from registration.standards.display import display, people_behind, role_title
from sla.models import Clock
from sla.moment import now
from sla.reading import ClockView, view

PEOPLE = ("shareholders", "officers", "contacts")
OWN_GROUP = "departments"  # its sections are the departments' own, so a desk's part is named after them


@dataclass(frozen=True)
class Row:
    """`masked` where the desk may have the value shown in full."""

    label: str
    value: str
    note: str = ""
    masked: bool = False


@dataclass(frozen=True)
class Group:
    title: str
    rows: list[Row]
    anchor: str = ""


@dataclass(frozen=True)
class Paper:
    """An uploaded file as a link."""

    title: str
    pages: int
    url: str


@dataclass(frozen=True)
class Change:
    """A field that the applicant changed since the last return."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Member:
    """A person or shareholding company in one line; the number is masked."""

    name: str
    roles: str
    number: str
    contribution_fen: int | None


class CasePage:
    """A case on the desk of one department. Raises Http404 where the case or its stage isn't the officer's.

    Personal fields are masked; those `on_request` may be shown in full to who holds the stage, and `revealed` are now.
    """

    def __init__(
        self, user, number: str, department: str, on_request: frozenset[str] = frozenset(), revealed: bool = False
    ):
        self.user, self.department, self.at = user, department, now()
        self.application: Application = access_application(user, number)
        rows = self.application.stages.select_related("clock", "holder__window")
        self.stage: Stage | None = rows.filter(department=department).exclude(state=flow.WAITING).first()
        if self.stage is None or not rights.may_work(user, self.stage):
            raise Http404
        self.stage.application = self.application
        on_request = on_request if self.is_mine else frozenset()  # once the work is done nobody needs them any more
        self.in_full, self.on_request = (on_request, frozenset()) if revealed else (frozenset(), on_request)

    @cached_property
    def clock(self) -> ClockView:
        return view(self.stage.clock, self.at)

    @cached_property
    def total(self) -> ClockView | None:
        clock = Clock.objects.filter(owner=self.application.uid, name="total").first()
        return view(clock, self.at) if clock else None

    @property
    def form(self) -> Form:
        return form(self.application.company_type)

    @cached_property
    def materials(self) -> list:
        return list(self.application.materials.all())

    @cached_property
    def filing(self) -> filing.Filing:
        people = list(self.application.people.all())
        return filing.read(self.application, people, self.materials, localdate(self.at))

    @cached_property
    def version(self) -> standards.Version:
        return standards.version(self.application.standards_version)

    @cached_property
    def findings(self) -> list[standards.Finding]:
        return standards.evaluate(self.filing, self.version, department=self.department)

    @property
    def questions(self) -> list[standards.Finding]:
        return [finding for finding in self.findings if finding.asks]

    @property
    def failed(self) -> list[standards.Finding]:
        return [finding for finding in self.findings if finding.failed]

    @property
    def passed(self) -> list[standards.Finding]:
        return [finding for finding in self.findings if finding.passed]

    @property
    def may_follow(self) -> list[standards.Finding]:
        return [finding for finding in self.failed if finding.standard.deferrable]

    @cached_property
    def deferrals(self) -> list[Deferral]:
        """The materials that follow later, or that the applicant undertook to supply later."""
        licensed = self.application.state != flow.LICENSING
        rows = list(self.application.deferrals.select_related("clock"))
        missing = {finding.standard.id for finding in self.may_follow}
        return [one for one in rows if one.clock or (not licensed and one.standard in missing)]

    @property
    def unmet(self) -> list[standards.Finding]:
        """What fails and isn't let follow either: nothing can be closed over it."""
        waiting = {one.standard for one in self.deferrals if one.clock}
        return [f for f in self.failed if not (f.standard.deferrable and f.standard.id in waiting)]

    @property
    def postponed(self) -> list[standards.Finding]:
        """The questions on materials that aren't there yet."""
        return deferrals.postponed(self.findings, [one.kind for one in self.asked])

    @property
    def asked(self) -> list[Deferral]:
        """What the applicant asks to supply later, and nobody has decided."""
        return [one for one in self.deferrals if one.clock is None]

    @cached_property
    def confirmed(self) -> frozenset[str]:
        """The standards that were answered "met" when the stage was closed."""
        closed = self.application.events.filter(kind=Event.Kind.CLOSED, department=self.department).last()
        return frozenset(closed.data.get("confirmed", ())) if closed else frozenset()

    @property
    def is_closed(self) -> bool:
        return self.stage.state == flow.DONE

    @cached_property
    def corrections(self) -> list[Correction]:
        return list(self.stage.corrections.select_related("asked_by").order_by("round"))

    @property
    def answered(self) -> Correction | None:
        """The last return, once the applicant has answered it."""
        last = self.corrections[-1] if self.corrections else None
        return last if last and last.answered_at else None

    @cached_property
    def snapshot(self) -> dict[str, str]:
        return standards.snapshot(self.filing)

    @cached_property
    def changes(self) -> list[Change]:
        """What changed since the last return, as far as the department uses it."""
        if not self.answered:
            return []
        return [
            Change(str(self.form.label(key)), old, new)
            for key, old, new in standards.changes(self.answered.snapshot, self.snapshot)
            if self.department in FIELD[key].used_by
        ]

    @property
    def unchanged(self) -> int:
        return len(self.form.fields_for(self.department)) - len(self.changes)

    @cached_property
    def escalations(self) -> list[Escalation]:
        return list(self.stage.escalations.select_related("asked_by", "answered_by").order_by("asked_at"))

    @property
    def open_escalation(self) -> Escalation | None:
        return next((one for one in self.escalations if not one.answered_at), None)

    @property
    def is_mine(self) -> bool:
        return self.stage.state == flow.OPEN and self.stage.holder_id == self.user.pk

    @property
    def company_type(self) -> str:
        try:
            return catalogue.company_type(self.application.company_type).name
        except KeyError:
            return self.application.company_type

    @cached_property
    def groups(self) -> list[Group]:
        """The fields of the department in the groups of the form; materials stand apart, and at the window people.

        Of a group that is there in part, the pages are named.
        """
        apart = {"materials", *(PEOPLE if self.department == flow.REGISTRATION else ())}
        used = [entry for entry in self.form.fields_for(self.department) if entry.section not in apart]
        found = []
        for key, title in GROUPS:
            rows, titles = [], []
            sections = [section for section in SECTIONS if section.group == key]
            in_part = key == OWN_GROUP or any(section.key in apart for section in sections)
            for section in sections:
                if shown := _rows(self, [entry for entry in used if entry.section == section.key]):
                    rows += shown
                    titles.append(str(self.form.label(section.key)))
            if rows:
                found.append(Group(_("; ").join(titles) if in_part else title, rows, f"group-{key}"))
        return found

    @cached_property
    def members(self) -> list[Member]:
        """Everybody in the case, each once."""
        return [
            Member(
                person.name,
                _("; ").join(str(role_title(self.form, role)) for role in self.filing.roles_of(person)),
                person.uscc if person.is_legal else mask_id(person.id_number),
                person.contribution_fen if person.is_shareholder else None,
            )
            for person in self.filing.people
        ]

    @cached_property
    def papers(self) -> list[Paper]:
        """The uploaded files that the department uses."""
        labels = {f.name: f.label for f in self.form.fields_for(self.department) if f.section == "materials"}
        return [
            Paper(labels[material.kind], material.pages, material_url(self.application, material))
            for material in self.materials
            if material.kind in labels
        ]


def material_url(application: Application, material) -> str:
    """Where a file is served; empty in an installation without the applicant's pages."""
    try:
        return reverse("filing:material", args=[application.number, material.uid])
    except NoReverseMatch:
        return ""


def _rows(page: CasePage, fields: list) -> list[Row]:
    """The rows of one section: the parts of the name and of the address in one line, people with a masked number."""
    keys = {entry.key for entry in fields}
    if "name.trade_name" in keys:
        return [Row(_("Company name"), page.application.name), Row(_("Company type"), page.company_type)]
    rows = []
    if {"address.division", "address.detail"} <= keys:
        whole = catalogue.in_language("{0}{1}", "{1}, {0}").format(
            display(page.filing, "address.division"), display(page.filing, "address.detail")
        )
        rows.append(Row(_("Registered address"), whole))
        keys -= {"address.division", "address.detail"}
    for entry in fields:
        if entry.key in keys:
            rows += _field_rows(page, entry)
    return rows


def _field_rows(page: CasePage, entry) -> list[Row]:
    people = people_behind(page.filing, entry.key)
    if people is not None:
        return [_person_row(page, entry, person) for person in people]
    value = display(page.filing, entry.key)
    if entry.personal and entry.key not in page.in_full:
        value = _MASKS.get(entry.name, mask_name)(value)
    return [Row(entry.label, value, masked=entry.key in page.on_request)] if value else []


def _person_row(page: CasePage, entry, person) -> Row:
    if person.is_legal:
        return Row(entry.label, person.name, person.uscc)
    phone = person.phone if entry.key in page.in_full else mask_phone(person.phone)
    number = phone if entry.section == "contacts" else mask_id(person.id_number)
    return Row(entry.label, person.name, number, masked=entry.key in page.on_request)


_MASKS = {"recipient": mask_name, "phone": mask_phone, "address": lambda text: text[:6] + "…" if text else ""}
