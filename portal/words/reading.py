"""What the pages of a zone's words show."""

from dataclasses import dataclass, replace
from datetime import datetime

from kernel.accounts.models import User, Zone
from kernel.cases.queries import first
from kernel.core import departments
from kernel.core.text_messages import carriers
from kernel.zone_words import looking, places
from kernel.zone_words.looking import Example, Look
from kernel.zone_words.models import WordsEvent, ZoneWords
from kernel.zone_words.places import Place

INBOX, PHONES, ANSWERS = "inbox", "phones", "reply"
EVENTS_SHOWN = 20
Says = ZoneWords.Says


@dataclass(frozen=True)
class Told:
    """A kind of notice: how it reads in inbox and e-mail, and on phones where it goes there."""

    inbox: Look
    phones: Look | None


@dataclass
class Desk:
    """The usual answers of a department; `next_one` is the place of one that the zone may add."""

    label: str
    rows: list[Look]
    next_one: Place | None = None


@dataclass(frozen=True)
class Version:
    """One that is in force or was, with what it says, and who wanted it."""

    row: ZoneWords
    examples: list[Example]
    by: User | None
    second: User | None
    until: datetime | None


def look(zone: Zone, place: Place) -> Look:
    (found,) = looking.looks(zone, [place])
    return found


def told(zone: Zone) -> dict:
    """Each kind of notice, and those whose words can't be used."""
    looks = looking.looks(zone, places.of_zone(zone, INBOX, PHONES))
    phones = {_kind(row): row for row in looks if row.place.to_phones}
    inbox = [row for row in looks if not row.place.to_phones]
    return {
        "told": [Told(row, phones.get(_kind(row))) for row in inbox],
        "faulty": [row for row in looks if row.faults],
        "by_template": carriers.carrier().uses_templates,
    }


def answers(zone: Zone) -> list[Desk]:
    """The usual answers of each department, and where one may be added."""
    desks: dict[str, Desk] = {}
    for row in looking.looks(zone, places.of_zone(zone, ANSWERS)):
        code = _kind(row).partition(".")[0]
        desk = desks.setdefault(code, Desk(departments.label(code), []))
        if row.is_there:
            desk.rows.append(_labelled(row))
        else:
            desk.next_one = row.place
    return list(desks.values())


def _kind(row: Look) -> str:
    """Its code without the channel."""
    return row.place.code.partition(".")[2]


def _labelled(row: Look) -> Look:
    """An answer that the zone added is called by its own title."""
    version = row.present or row.coming or row.draft
    if row.place.has_product or version is None or version.says != Says.OWN:
        return row
    return replace(
        row, place=replace(row.place, label=looking.title_of(version) or row.place.label)
    )


def shown(zone: Zone, look: Look) -> dict:
    """Examples of what is said now, of what was agreed to this minute and of the draft, and the versions of before."""
    place = look.place
    rows = WordsEvent.objects.filter(zone=zone, place=place.code).select_related("by", "second")
    events, more = first(rows, EVENTS_SHOWN)
    return {
        "present": looking.examples(place, looking.said_now(look)),
        "coming": looking.examples(place, _words(place, look.coming)) if look.coming else [],
        "drafted": looking.examples(place, _words(place, look.draft)) if look.draft else [],
        "versions": _versions(zone, place),
        "events": events,
        "more": more,
    }


def begun(zone: Zone, look: Look) -> dict[str, str]:
    """What the form begins with: the draft, else what is said now."""
    place, version = look.place, look.draft or look.coming or look.present
    own = version is not None and version.says == Says.OWN
    words = version.texts if own else looking.product_words(place)
    says = look.draft.says if look.draft else Says.OWN
    return {"says": says, **(words if place.has_product or own else {})}


def _words(place: Place, row: ZoneWords) -> dict[str, str]:
    return looking.words_of(place, row.says, row.texts)


def _versions(zone: Zone, place: Place) -> list[Version]:
    rows = list(ZoneWords.objects.filter(zone=zone, place=place.code, in_force_from__isnull=False))
    events = WordsEvent.objects.filter(
        zone=zone, place=place.code, kind=WordsEvent.Kind.IN_FORCE
    ).select_related("by", "second")
    by_number = {event.number: event for event in events}
    found, until = [], None
    for row in rows:  # the newest first
        event = by_number.get(row.number)
        examples = looking.examples(place, _words(place, row))
        who = (event.by, event.second) if event else (None, None)
        found.append(Version(row, examples, *who, until))
        until = row.in_force_from
    return found
