"""What a desk reads of a filing, as far as its department uses it: fields in groups, people, uploaded files.

`page` is the `CasePage` that shows it.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from kernel import catalogue
from kernel.cases import rights
from kernel.core.privacy import mask_id, mask_phone
from kernel.core.words import Words
from kernel.form import flow
from kernel.form.fields import GROUPS, SECTIONS
from kernel.form.filing import ROLE_FIELD
from kernel.form.id_copies import called, validity
from kernel.standards.display import display, masked, people_behind, role_title

PEOPLE = ("shareholders", "officers", "contacts")
OWN_GROUP = (
    "departments"  # its sections are the departments' own, so a desk's part is named after them
)


@dataclass(frozen=True)
class Row:
    """`masked` where the desk may have the value shown in full."""

    label: Words
    value: Words
    note: Words = ""
    masked: bool = False


@dataclass(frozen=True)
class Group:
    title: Words
    rows: list[Row]
    anchor: str = ""


@dataclass(frozen=True)
class Paper:
    """An uploaded file as a link; without one while the case isn't in the officer's hands."""

    kind: str
    title: str
    pages: int
    url: str


@dataclass(frozen=True)
class Member:
    """A person or shareholding company; the number is masked where the desk may not see it now."""

    name: str
    roles: str
    number: str
    contribution_fen: int | None
    validity: str = ""


def groups(page) -> list[Group]:
    """The fields of the department in the groups of the form; materials stand apart, and at the window people.

    Of a group that is there in part, the pages are named.
    """
    apart = {"materials", *(PEOPLE if page.department == flow.registrar() else ())}
    used = [entry for entry in page.form.fields_for(page.department) if entry.section not in apart]
    groups = []
    for key, title in GROUPS:
        rows, titles = [], []
        sections = [section for section in SECTIONS if section.group == key]
        in_part = key == OWN_GROUP or any(section.key in apart for section in sections)
        for section in sections:
            if shown := _rows(page, [entry for entry in used if entry.section == section.key]):
                rows += shown
                titles.append(str(page.form.label(section.key)))
        if rows:
            groups.append(Group(_("; ").join(titles) if in_part else title, rows, f"group-{key}"))
    return groups


def members(page) -> list[Member]:
    """Everybody in the case, each once."""
    return [member(page, person) for person in page.filing.people]


def member(page, person) -> Member:
    roles = page.filing.roles_of(person)
    number = person.uscc if person.is_legal else shown_number(page, person)
    return Member(
        person.name,
        _("; ").join(str(role_title(page.form, role)) for role in roles),
        number,
        person.contribution_fen if person.is_shareholder else None,
        validity(person),
    )


def shown_number(page, person) -> str:
    """Somebody's ID number, in full where the desk sees a field that names them in full."""
    keys = {
        "shareholders.people" if role == "shareholder" else ROLE_FIELD[role]
        for role in page.filing.roles_of(person)
    }
    return person.id_number if keys & page.in_full else mask_id(person.id_number)


def papers(page) -> list[Paper]:
    """The uploaded files that the department uses."""
    user, application = page.user, page.application
    may_open = rights.is_in_hand(user, application, page.stage) or rights.is_at_work(
        user, application
    )
    labels = {
        f.name: f.label for f in page.form.fields_for(page.department) if f.section == "materials"
    }
    return [
        Paper(
            material.kind,
            titled(page, material, labels[material.kind]),
            material.pages,
            reverse(
                "files:material" if material.is_picture else "files:pages",
                args=[application.number, material.uid],
            )
            if may_open
            else "",
        )
        for material in page.materials
        if material.kind in labels
    ]


def titled(page, material, label) -> str:
    """Whose card and which side an uploaded file is; its label where it says nobody's name."""
    person = page.filing.by_uid.get(str(material.person))
    return called(person, material.side) if person else str(label)


def _rows(page, fields: list) -> list[Row]:
    """The rows of one section: the parts of the name and of the address in one line, people with a masked number."""
    keys = {entry.key for entry in fields}
    if "name.trade_name" in keys:
        return [
            Row(_("Company name"), page.application.name),
            Row(_("Company type"), display(page.filing, "name.company_type")),
        ]
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


def _field_rows(page, entry) -> list[Row]:
    people = people_behind(page.filing, entry.key)
    if people is not None:
        return [_person_row(page, entry, person) for person in people]
    value = display(page.filing, entry.key)
    if entry.personal and entry.key not in page.in_full:
        value = masked(entry.key, value)
    return [Row(entry.label, value, masked=entry.key in page.on_request)] if value else []


def _person_row(page, entry, person) -> Row:
    if person.is_legal:
        return Row(entry.label, person.name, person.uscc)
    phone = person.phone if entry.key in page.in_full else mask_phone(person.phone)
    number = phone if entry.section == "contacts" else shown_number(page, person)
    note = _(", ").join(filter(None, [number, _card(entry, person)]))
    return Row(entry.label, person.name, note, masked=entry.key in page.on_request)


def _card(entry, person) -> str:
    """Until when somebody's identity card is valid, for desks that look at the card too."""
    if entry.section == "contacts" or not (between := validity(person)):
        return ""
    return _("card valid %(between)s") % {"between": between}
