"""What the system decides of the answers on social security; the standards themselves are data."""

from datetime import timedelta
from pathlib import Path

from django.utils.formats import date_format, localize
from django.utils.translation import gettext as _

from kernel.core.departments import Standards
from kernel.form.choices import YesNo
from kernel.form.filing import MOST_EMPLOYEES, Filing, read_count, read_date
from kernel.standards.display import typed
from kernel.standards.rules.registry import Finding, lacking, missing, not_chosen, together

ENROL_WITHIN = timedelta(days=30)  # of hiring: domain rule on social security
OF_EMPLOYEES = ("social_security.employee_count", "social_security.hired_on")


def social_security_is_answered(filing: Filing) -> Finding | None:
    if not _has_employees(filing):
        return lacking(filing, not_chosen(filing, ["social_security.has_employees"]))
    count, day = (typed(filing, key) for key in OF_EMPLOYEES)
    wrong = []
    if count and not 1 <= (read_count(count) or 0) <= MOST_EMPLOYEES:
        sentence = _("The number of employees is not a whole number from 1 to %(most)s.")
        wrong.append(Finding(sentence % {"most": localize(MOST_EMPLOYEES)}, OF_EMPLOYEES[:1]))
    if day and read_date(day) is None:
        wrong.append(
            Finding(
                _("The first day of work, “%(day)s”, is not a date.") % {"day": day},
                OF_EMPLOYEES[1:],
            )
        )
    return together(lacking(filing, missing(filing, OF_EMPLOYEES)), *wrong)


def employees_enrol_in_time(filing: Filing) -> Finding | None:
    hired_on = read_date(typed(filing, "social_security.hired_on"))
    if not _has_employees(filing) or hired_on is None or filing.filed_on - hired_on <= ENROL_WITHIN:
        return None
    return Finding(
        _("The first day of work, %(day)s, lies more than 30 days back.")
        % {"day": date_format(hired_on, "DATE_FORMAT")}
    )


def _has_employees(filing: Filing) -> bool:
    return typed(filing, "social_security.has_employees") == YesNo.YES


STANDARDS = Standards(
    prefix="SS",
    folder=Path(__file__).parent / "data" / "standards",
    rules=(
        social_security_is_answered,
        employees_enrol_in_time,
    ),
)
