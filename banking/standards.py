"""What the system decides of the answers for the bank; the standards themselves are data."""

from datetime import timedelta
from pathlib import Path

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from banking.fields import LEFT_OUT, UNBOOKED
from kernel.core.departments import SOON, Standards
from kernel.form.filing import LONGEST_UNIT, Filing
from kernel.standards.display import typed
from kernel.standards.rules.registry import Finding, lacking, not_chosen

BOOKED_WITHIN = timedelta(days=30)  # of the submit: until then the clocks rest


def bank_is_chosen(filing: Filing) -> Finding | None:
    if typed(filing, LEFT_OUT.field) == LEFT_OUT.answer:
        return Finding(_("The account can't be left out of this case."), (LEFT_OUT.field,))
    branch = typed(filing, "bank.branch").strip()
    unknown = [] if 0 < len(branch) <= LONGEST_UNIT else ["bank.branch"]
    return lacking(filing, unknown + not_chosen(filing, ["bank.meeting"]))


def appointment_lies_ahead(filing: Filing) -> Finding | None:
    moment = filing.appointment
    if typed(filing, "bank.appointment") == SOON:
        if typed(filing, "bank.meeting") in (*UNBOOKED, LEFT_OUT.answer, ""):  # said above
            return None
        return Finding(_("For a visit to the branch choose a time, or choose by video."))
    if moment is None:
        return Finding(_("The appointment is missing or can't be read."))
    if moment.date() < filing.filed_on:
        return Finding(
            _("The appointment on %(day)s has passed.")
            % {"day": date_format(moment.date(), "DATE_FORMAT")}
        )
    if moment.date() - filing.filed_on > BOOKED_WITHIN:
        sentence = _(
            "The appointment on %(day)s is more than 30 days ahead. Choose one of those that are offered."
        )
        return Finding(sentence % {"day": date_format(moment.date(), "DATE_FORMAT")})
    return None


STANDARDS = Standards(
    prefix="B",
    folder=Path(__file__).parent / "data" / "standards",
    rules=(
        bank_is_chosen,
        appointment_lies_ahead,
    ),
)
