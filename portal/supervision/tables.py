"""The rows of a list as plain values, for the page as well as for CSV and Excel: the same rows, the same columns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.supervision.rows_of_cases import (
    audits_rows,
    barred_rows,
    cases_rows,
    escalations_rows,
    exported_rows,
    looked_rows,
    looks_rows,
    messages_rows,
    papers_rows,
    promises_rows,
    reviews_rows,
    subsidies_rows,
    windows_rows,
)
from portal.supervision.rows_of_time import (
    Value,
    appointments_rows,
    aside_rows,
    breaches_rows,
    clocks_rows,
    ended_waits_rows,
    long_waits_rows,
)


@dataclass(frozen=True)
class Table:
    """`read(rows, at)` gives the values of each row in a constant number of queries; the first is a filing number
    where `of_cases` is set, and leads to the case."""

    columns: Sequence[str]
    read: Callable[[list, datetime], list[list[Value]]]
    of_cases: bool = True


NUMBER, COMPANY = _("Number"), _("Company")
WHEN, WHO = pgettext_lazy("list", "When"), pgettext_lazy("list", "Who")
USED, LIMIT = _("Used (working minutes)"), _("Limit (working minutes)")


TABLES = {
    "waits": Table(
        (
            NUMBER,
            COMPANY,
            _("Department"),
            _("Waits for"),
            _("Since"),
            _("Calendar days"),
            _("Held by"),
        ),
        long_waits_rows,
    ),
    "ended_waits": Table(
        (
            NUMBER,
            COMPANY,
            _("Department"),
            _("Waited for"),
            _("Since"),
            pgettext_lazy("wait", "Until"),
            _("Calendar days"),
        ),
        ended_waits_rows,
    ),
    "appointments": Table(
        (
            NUMBER,
            COMPANY,
            _("Appointment"),
            _("How"),
            _("What came of it"),
            pgettext_lazy("appointment", "Recorded"),
            pgettext_lazy("appointment", "By whom"),
        ),
        appointments_rows,
    ),
    "cases": Table(
        (
            NUMBER,
            COMPANY,
            _("Company type"),
            _("State"),
            _("Channel"),
            _("Held by"),
            _("Filed"),
            _("Completed"),
            _("Most urgent clock"),
            USED,
            LIMIT,
        ),
        cases_rows,
    ),
    "clocks": Table(
        (
            NUMBER,
            COMPANY,
            _("Company type"),
            _("Clock"),
            _("State"),
            _("Held by"),
            _("Started"),
            _("Stopped"),
            USED,
            LIMIT,
            _("Went over"),
        ),
        clocks_rows,
    ),
    "breaches": Table(
        (
            NUMBER,
            COMPANY,
            _("Clock"),
            _("Held by"),
            _("Went over"),
            USED,
            LIMIT,
            _("Reason"),
            _("What happened"),
            _("Given by"),
        ),
        breaches_rows,
    ),
    "aside": Table(
        (
            NUMBER,
            COMPANY,
            _("Clock"),
            _("What is not announced"),
            _("Fell due"),
            _("Failures"),
            _("Set aside"),
        ),
        aside_rows,
    ),
    "papers": Table(
        (NUMBER, COMPANY, _("Paper"), _("Issued"), _("Characters that no font here has")),
        papers_rows,
    ),
    "subsidies": Table((NUMBER, COMPANY, _("Granted"), _("Amount (yuan)")), subsidies_rows),
    "reviews": Table(
        (NUMBER, COMPANY, _("Service"), _("Level"), _("Comment"), pgettext_lazy("review", "Given")),
        reviews_rows,
    ),
    "escalations": Table(
        (
            NUMBER,
            COMPANY,
            _("Desk"),
            _("Question"),
            _("Asked by"),
            _("Asked"),
            _("Due"),
            _("Minutes over"),
        ),
        escalations_rows,
    ),
    "messages": Table(
        (
            NUMBER,
            COMPANY,
            _("Desk"),
            _("Written"),
            _("Due"),
            _("Minutes over"),
            _("Held by"),
        ),
        messages_rows,
    ),
    "promises": Table(
        (
            NUMBER,
            COMPANY,
            _("Material"),
            _("State"),
            _("Approved"),
            _("Approved by"),
            _("Last day"),
            _("Supplied"),
            _("Went over"),
        ),
        promises_rows,
    ),
    "barred": Table(
        (
            NUMBER,
            COMPANY,
            _("Applicant"),
            _("Legal representative"),
            _("Material not supplied"),
            _("Broken"),
            _("Until"),
        ),
        barred_rows,
    ),
    "audits": Table(
        (
            NUMBER,
            COMPANY,
            _("Approved by the system"),
            _("Looked at"),
            _("Officer"),
            _("Outcome"),
            _("Standards not met"),
            _("What was found"),
        ),
        audits_rows,
    ),
    "looks": Table((NUMBER, COMPANY, _("Applicant"), _("Filed"), _("Why")), looks_rows),
    "looked": Table((NUMBER, COMPANY, WHEN, WHO, _("What was opened")), looked_rows),
    "exported": Table((WHEN, WHO, _("List")), exported_rows, of_cases=False),
    "windows": Table(
        (_("Window"), _("Name"), _("Department"), _("People"), _("Serving")),
        windows_rows,
        of_cases=False,
    ),
}
