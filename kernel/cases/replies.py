"""Answers that desks give often, in both languages, filled in with what the case says: a department's own
(`Department.replies`) before those of everybody. None says only that something arrived, which would pass for an answer.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.cases.models import Application
from kernel.core import departments
from kernel.core.departments import Reply

COMMON = (
    Reply(
        "nothing-to-do",
        pgettext_lazy("reply", "Nothing to do"),
        _("You need not do anything for this. %(desk)s goes on, and you are told of each step."),
    ),
    Reply(
        "call",
        pgettext_lazy("reply", "Call us"),
        _(
            "This is easier said than written: please call %(phone)s and give the number %(number)s."
        ),
    ),
)


def of_desk(department: str, application: Application) -> list[Reply]:
    """Those that a desk may use for a case; one whose blanks the case can't fill in yet isn't offered."""
    values = _values(department, application)
    known = (*departments.department(department).replies, *COMMON)
    return [reply for reply in known if all(values.get(name) for name in reply.blanks)]


def filled(department: str, application: Application, code: str) -> str:
    """The text of a reply, in the language of the page; empty for one that there isn't."""
    for reply in of_desk(department, application):
        if reply.code == code:
            return str(reply.text) % _values(department, application)
    return ""


def _values(department: str, application: Application) -> dict[str, str]:
    return {
        "company": application.name,
        "number": application.number,
        "uscc": application.uscc or "",
        "phone": application.zone.phone,
        "desk": departments.label(department),
    }
