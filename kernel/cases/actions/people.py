"""The people of a filing: entered once, with the roles they have, and taken out again."""

import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel.cases import correcting
from kernel.cases.actions.editing import (
    filing_of,
    open_sections,
    require_open,
    returned_fields,
    saved,
    seen_mark,
    writable,
)
from kernel.cases.actions.materials import follow_roles, hand_on_id_copies, remove_id_copies
from kernel.cases.models import Application, Person
from kernel.core.errors import NotAllowed, Refused, Stale
from kernel.form.filing import ROLES, SHAREHOLDERS

# of one case: Company Law, article 42; and whoever else has a part in it
MOST_SHAREHOLDERS, MOST_OTHERS = 50, 30


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
    application = writable(actor, application_id)
    key = uuid.UUID(uid) if uid else uuid.uuid4()
    person = Person.objects.filter(uid=key).first()
    is_new = person is None
    if person is None:
        require_open(actor, application, section)
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
        if seen is not None and seen != seen_mark(person.data) and data != person.data:
            raise Stale
    person.data = data
    person.save()
    if is_new and role:
        follow_roles(application)  # of whoever had the role before
    saved(application)
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
    application = writable(actor, application_id)
    person = application.people.filter(uid=uid).first()
    if person is None or (section == SHAREHOLDERS and not person.is_shareholder):
        return
    filing = filing_of(application)
    require_open(actor, application, filing.section_of(filing.by_uid[uid]), filing)
    if section == SHAREHOLDERS and len(filing.roles_of(filing.by_uid[uid])) > 1:
        person.is_shareholder = False
        person.save(update_fields=["is_shareholder"])
        follow_roles(application)
    else:
        remove_id_copies(application, uid)
        person.delete()
        _put(application, uid, "")
    saved(application)


@transaction.atomic
def make_shareholder(*, actor, application_id: int, uid: str) -> Person:
    """Somebody who was entered for another role founds the company too; what they contribute is entered next."""
    application = writable(actor, application_id)
    require_open(actor, application, SHAREHOLDERS)
    person = application.people.get(uid=uid)
    if not person.is_shareholder:
        require_room(application, True)
    person.is_shareholder = True
    person.save(update_fields=["is_shareholder"])
    follow_roles(application)
    saved(application)
    return person


@transaction.atomic
def merge_people(*, actor, application_id: int, uid: str, into: str) -> None:
    """Two entries are of one person: roles and shareholding of the one go to the other, and so does what it lacks.

    Raises Refused unless both carry the same number.
    """
    application = writable(actor, application_id)
    numbers = {person.uid: person.number for person in filing_of(application).people}
    if uid == into or not numbers.get(uid) or numbers[uid] != numbers.get(into):
        raise Refused
    again, known = application.people.get(uid=uid), application.people.get(uid=into)
    for person in (again, known):
        _require_open_for(actor, application, person)
    known.is_shareholder = known.is_shareholder or again.is_shareholder
    lacking = {name: value for name, value in again.data.items() if not known.data.get(name)}
    known.data = {**known.data, **lacking}
    known.save()
    hand_on_id_copies(application, uid, to=into)
    again.delete()
    _put(application, uid, into)
    follow_roles(application)
    saved(application)


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
    filing = filing_of(application)
    opened, returned = open_sections(application), returned_fields(application)
    section = correcting.page_of_person(filing, str(person.uid), opened, returned)
    require_open(actor, application, section, filing)
