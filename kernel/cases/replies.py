"""Answers that desks give often, in both languages, filled in with what the case says: a department's own before those
of everybody, and those that the zone added behind them, each in the words of the zone where it has its own
(`kernel.cases.reply_words`). None says only that something arrived, which would pass for an answer."""

from dataclasses import dataclass

from kernel.cases import reply_words
from kernel.cases.models import Application
from kernel.core import departments
from kernel.core.departments import Reply
from kernel.core.moment import now
from kernel.core.words import Words
from kernel.zone_words import in_force
from kernel.zone_words.filling import blanks
from kernel.zone_words.models import ZoneWords


@dataclass(frozen=True)
class Answer:
    """One that a desk may use for a case: what its key says, and its text, filled in."""

    code: str
    label: Words
    text: str


def of_desk(department: str, application: Application) -> list[Answer]:
    """Those that a desk may use for a case; one whose blanks the case can't fill in yet isn't offered."""
    values, zone = _values(department, application), application.zone_id
    added = [Reply(code, "", "") for code in reply_words.own(zone, department)]
    answers = (
        _answer(zone, department, reply, values)
        for reply in (*reply_words.product(department), *added)
    )
    return [answer for answer in answers if answer]


def filled(department: str, application: Application, code: str) -> str:
    """The text of a usual answer, in the language of the page; empty for one that there isn't."""
    for answer in of_desk(department, application):
        if answer.code == code:
            return answer.text
    return ""


def _answer(zone: int, department: str, reply: Reply, values: dict[str, str]) -> Answer | None:
    place, at = reply_words.code(department, reply.code), now()
    row = in_force.version(zone, place, at)
    if row and row.says == ZoneWords.Says.NOTHING:
        return None
    if row and any(name in values and not values[name] for name in blanks(row)):
        return None
    if own := in_force.said(zone, place, at, values):
        return Answer(reply.code, *own)
    if not reply.text or not all(values.get(name) for name in reply.blanks):
        return None
    return Answer(reply.code, reply.label, str(reply.text) % values)


def _values(department: str, application: Application) -> dict[str, str]:
    return {
        "company": application.name,
        "number": application.number,
        "uscc": application.uscc or "",
        "phone": application.zone.phone,
        "desk": departments.label(department),
    }
