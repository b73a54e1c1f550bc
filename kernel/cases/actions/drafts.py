"""Filling in the form: a draft, or a case that waits for its applicant. Everything is kept as it was typed."""

import hashlib
import json
import uuid

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from kernel import catalogue
from kernel.cases import register, rights, side_clocks
from kernel.cases.agency import refusal
from kernel.cases.models import Application, Material, Person
from kernel.cases.numbers import draft_reference
from kernel.cases.queries import open_corrections, pinned_by
from kernel.core.certain import certain
from kernel.core.errors import NotAllowed, Refused, Stale
from kernel.core.moment import now
from kernel.form import flow
from kernel.form.filing import (
    DIVISION_PLACE,
    NAME_PARTS,
    ROLES,
    SHAREHOLDERS,
    Filing,
    full_name,
    read,
)
from kernel.form.uploads import MOST_FILES, keeping

MOST_SHAREHOLDERS, MOST_OTHERS = (
    50,
    30,
)  # of one case: Company Law, article 42; and whoever else has a part in it


@transaction.atomic
def begin_draft(
    *, actor, zone, company_type: str, channel: str = Application.Channel.ONLINE
) -> Application:
    """Open a draft for `actor`. An empty draft of the same type is handed back instead of a second one."""
    empty = Application.objects.filter(
        applicant=actor, zone=zone, state=flow.DRAFT, company_type=company_type, name="", version=0
    ).first()
    if empty:
        return empty
    at = now()
    draft = Application.objects.create(
        ref=draft_reference(at.date()),
        zone=zone,
        applicant=actor,
        company_type=company_type,
        channel=channel,
        created_at=at,
        saved_at=at,
    )
    minutes, reminded = side_clocks.draft_limits(draft)
    side_clocks.begin(draft, flow.DRAFT, minutes, at, reminded)
    return draft


def seen_mark(values: dict) -> str:
    """A short mark of what a page showed, to notice that somebody saved something else since."""
    return hashlib.sha256(
        json.dumps(values, sort_keys=True, ensure_ascii=False).encode()
    ).hexdigest()[:16]


@transaction.atomic
def save_section(
    *, actor, application_id: int, section: str, values: dict, seen: str | None = None
) -> Application:
    """Keep a section's answers as typed, right or wrong.

    `seen` is the `seen_mark` of what the page showed; raises Stale when the stored answers differ from it and from
    what is being saved. Raises NotAllowed for a section that may not be changed now. The case stays of its company type
    where the answer is none.
    """
    application = editable(actor, application_id, section)
    stored = application.answers.get(section, {})
    if seen is not None and stored and seen != seen_mark(stored) and stored != values:
        raise Stale
    before = _filing(application)
    application.answers = {**application.answers, section: values}
    if section == "scope" and application.name_reserved_until:
        _reserve_longer(application, before)
    if section == "name" and catalogue.company_types.find(values.get("company_type")):
        application.company_type = values["company_type"]
    is_renamed = section == "name" and any(
        values.get(part) != stored.get(part) for part in (*NAME_PARTS, DIVISION_PLACE)
    )
    if (
        is_renamed and application.state == flow.DRAFT
    ):  # a filed case keeps the name it holds until it is sent back
        _rename(application)
    return _saved(application)


def _reserve_longer(application: Application, before: Filing) -> None:
    """An item that waits for an approval came into the scope, or the last one left it: the reservation follows."""
    zone, after = application.zone, _filing(application)
    more = register.months_reserved(zone, after) - register.months_reserved(zone, before)
    application.name_reserved_until = register.months_after(
        certain(application.name_reserved_until), more
    )


def _rename(application: Application) -> None:
    """A draft has other parts of a name; a reservation is of one name and ends with it."""
    application.name = full_name(application.answers["name"])[
        : Application._meta.get_field("name").max_length
    ]
    register.let_go(application)
    register.enter(application)


@transaction.atomic
def save_person(
    *,
    actor,
    application_id: int,
    uid: str | None,
    data: dict,
    section: str = SHAREHOLDERS,
    kind: str = "natural",
    role: str = "",
    seen: str | None = None,
) -> Person:
    """Change the person of this `uid`, or enter a new one under it: on the page `section`, for one of its roles if any.

    Of somebody known the page that owns the entry has to be open, and kind and roles stay as they are. `seen` as in
    `save_section`; of somebody who was seen and has been removed it raises Stale too.
    """
    application = _writable(actor, application_id)
    key = uuid.UUID(uid) if uid else uuid.uuid4()
    person = Person.objects.filter(uid=key).first()
    if person is None:
        _require_open(actor, application, section)
        if seen:
            raise Stale
        require_room(application, section == SHAREHOLDERS)
        person = Person(
            uid=key, application=application, kind=kind, is_shareholder=section == SHAREHOLDERS
        )
        if role in ROLES.get(section, ()):
            answers = application.answers
            application.answers = {**answers, section: {**answers.get(section, {}), role: str(uid)}}
    else:
        _require_open_for(actor, application, person)
        if seen and seen != seen_mark(person.data) and data != person.data:
            raise Stale
    person.data = data
    person.save()
    _saved(application)
    return person


def require_room(application: Application, for_shareholder: bool) -> None:
    """Raises Refused where as many are entered as one case may have: every paper of it lists them all."""
    most = MOST_SHAREHOLDERS if for_shareholder else MOST_OTHERS
    if application.people.filter(is_shareholder=for_shareholder).count() < most:
        return
    if for_shareholder:
        sentence = _(
            "There are %(most)s shareholders already, and a limited liability company has no more (Company Law, "
            "article 42). Remove one first; a company of more founders is one limited by shares: ask at the window."
        )
    else:
        sentence = _(
            "%(most)s people are entered besides the shareholders. Remove those without an office first."
        )
    raise Refused(sentence % {"most": most})


@transaction.atomic
def remove_person(*, actor, application_id: int, uid: str, section: str = "") -> None:
    """Take a person out of the case and out of every role; a second click does nothing.

    On the page of the `section` shareholders, one who was also chosen for another role is a shareholder no longer, and
    stays for that.
    """
    application = _writable(actor, application_id)
    person = application.people.filter(uid=uid).first()
    if person is None or (section == SHAREHOLDERS and not person.is_shareholder):
        return
    _require_open_for(actor, application, person)
    filing = _filing(application)
    if section == SHAREHOLDERS and len(filing.roles_of(filing.by_uid[uid])) > 1:
        person.is_shareholder = False
        person.save(update_fields=["is_shareholder"])
    else:
        person.delete()
        _put(application, uid, "")
    _saved(application)


@transaction.atomic
def make_shareholder(*, actor, application_id: int, uid: str) -> Person:
    """Somebody who was entered for another role founds the company too; what they contribute is entered next."""
    application = _writable(actor, application_id)
    _require_open(actor, application, SHAREHOLDERS)
    person = application.people.get(uid=uid)
    if not person.is_shareholder:
        require_room(application, True)
    person.is_shareholder = True
    person.save(update_fields=["is_shareholder"])
    _saved(application)
    return person


@transaction.atomic
def merge_people(*, actor, application_id: int, uid: str, into: str) -> None:
    """Two entries are of one person: roles and shareholding of the one go to the other, and so does what it lacks.

    Raises Refused unless both carry the same number.
    """
    application = _writable(actor, application_id)
    numbers = {person.uid: person.number for person in _filing(application).people}
    if uid == into or not numbers.get(uid) or numbers[uid] != numbers.get(into):
        raise Refused
    again, known = application.people.get(uid=uid), application.people.get(uid=into)
    for person in (again, known):
        _require_open_for(actor, application, person)
    known.is_shareholder = known.is_shareholder or again.is_shareholder
    known.data = {**again.data, **{name: value for name, value in known.data.items() if value}}
    known.save()
    again.delete()
    _put(application, uid, into)
    _saved(application)


def _put(application: Application, uid: str, instead: str) -> None:
    """Put somebody else, or nobody, into every role of a person."""
    application.answers = {
        section: {name: (instead if value == uid else value) for name, value in values.items()}
        for section, values in application.answers.items()
    }


def _require_open_for(actor, application: Application, person: Person) -> None:
    """The page that owns somebody's entry may be changed now. Raises NotAllowed, also for somebody of another case."""
    if person.application_id != application.pk:
        raise NotAllowed
    filing = _filing(application)
    _require_open(actor, application, filing.section_of(filing.by_uid[str(person.uid)]), filing)


@transaction.atomic
def add_material(*, actor, application_id: int, kind: str, checked) -> Material:
    """Keep an uploaded file. `checked` is a `kernel.form.uploads.CheckedFile`: its type is known from its content.

    Raises Refused where there are as many of its kind as there may be, and where no room is left for it.
    """
    application = editable(actor, application_id, "materials")
    if application.materials.filter(kind=kind).count() >= MOST_FILES:
        raise Refused(
            _(
                "There are 20 files here already. Remove one first, or put several pages into one PDF."
            )
        )
    material = keep_file(application, kind, checked)
    _saved(application)
    return material


def keep_file(application: Application, kind: str, checked) -> Material:
    """Store a checked file as a material of a case that the caller has locked."""
    material = Material(
        application=application,
        kind=kind,
        filename=checked.filename,
        content_type=checked.content_type,
        size=len(checked.content),
        pages=checked.pages,
        sha256=checked.sha256,
        uploaded_at=now(),
    )
    with keeping():
        material.file.save("", checked.as_file(), save=False)
    material.save()
    return material


@transaction.atomic
def remove_material(*, actor, application_id: int, uid: str) -> None:
    """Take an uploaded file out of the case; the bytes go once the transaction has committed."""
    application = editable(actor, application_id, "materials")
    for material in application.materials.filter(uid=uid):
        _remove(material)
    _saved(application)


def _remove(material: Material) -> None:
    storage, name = material.file.storage, certain(material.file.name)
    material.delete()
    transaction.on_commit(lambda: storage.delete(name), robust=True)


def editable(actor, application_id: int, section: str) -> Application:
    """The case under lock, for who may write in it and if this page may be changed now."""
    application = _writable(actor, application_id)
    _require_open(actor, application, section)
    return application


def _writable(actor, application_id: int) -> Application:
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("zone")
        .get(pk=application_id)
    )
    rights.require_writer(actor, application)
    return application


def _require_open(
    actor, application: Application, section: str, filing: Filing | None = None
) -> None:
    if section not in rights.editable_sections(application, returned_fields(application)):
        raise NotAllowed if application.state == flow.DRAFT else Refused
    if fault := rights.section_fault(actor, application, filing or _filing(application), section):
        raise NotAllowed(refusal(fault))


def _filing(application: Application) -> Filing:
    return read(application, application.people.all(), (), localdate(now()))


def returned_fields(application: Application) -> dict[str, list[str]]:
    """The fields pinned by each department that waits for the applicant now."""
    return pinned_by(open_corrections(application))


_TYPED = [
    "answers",
    "company_type",
    "name",
    "name_claim",
    "name_reserved_until",
    "names_similar",
    "saved_at",
    "version",
]


def _saved(application: Application) -> Application:
    application.saved_at = now()
    application.version += 1
    application.save(update_fields=_TYPED)
    return application
