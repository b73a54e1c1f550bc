"""Rules on the answers for seals, tax, social security and the bank.

They run at registration too, so that everything is said at once.
"""

from datetime import timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from registration.choices import Delivery, YesNo
from registration.codes import mobile_check
from registration.filing import Filing, read_date
from registration.standards.display import typed
from registration.standards.rules.registry import Said, lacking, missing, not_chosen, rule

ENROL_WITHIN = timedelta(days=30)  # of hiring: domain rule on social security
MOST_EMPLOYEES = 100_000  # more is a slip of the hand

TAX_CHOICES = ("tax.taxpayer_class", "tax.accounting_system", "tax.invoice_kind", "tax.withholding")


@rule
def seals_can_be_delivered(filing: Filing) -> str | None:
    open_fields = not_chosen(filing, ["seals.contract_seal", "seals.delivery"])
    if typed(filing, "seals.delivery") != Delivery.COURIER:
        return lacking(filing, open_fields)
    open_fields += missing(filing, ["seals.recipient", "seals.phone", "seals.address"])
    if not open_fields and not mobile_check(typed(filing, "seals.phone")).ok:
        return Said(_("The recipient's phone is not a mobile number."), ["seals.phone"])
    return lacking(filing, open_fields)


@rule
def tax_is_answered(filing: Filing) -> str | None:
    return lacking(filing, not_chosen(filing, TAX_CHOICES))


@rule
def social_security_is_answered(filing: Filing) -> str | None:
    open_fields = not_chosen(filing, ["social_security.has_employees"])
    if open_fields or not _has_employees(filing):
        return lacking(filing, open_fields)
    count = _whole(typed(filing, "social_security.employee_count"))
    if count is None or not 1 <= count <= MOST_EMPLOYEES:
        open_fields.append("social_security.employee_count")
    if read_date(typed(filing, "social_security.hired_on")) is None:
        open_fields.append("social_security.hired_on")
    return lacking(filing, open_fields)


@rule
def employees_enrol_in_time(filing: Filing) -> str | None:
    hired_on = read_date(typed(filing, "social_security.hired_on"))
    if not _has_employees(filing) or hired_on is None or filing.filed_on - hired_on <= ENROL_WITHIN:
        return None
    return _("The first day of work, %(day)s, lies more than 30 days back.") % {
        "day": date_format(hired_on, "DATE_FORMAT")
    }


@rule
def bank_is_chosen(filing: Filing) -> str | None:
    return lacking(filing, missing(filing, ["bank.branch"]) + not_chosen(filing, ["bank.meeting"]))


@rule
def appointment_lies_ahead(filing: Filing) -> str | None:
    moment = filing.appointment
    if moment is None:
        return _("The appointment is missing or can't be read.")
    if moment.date() < filing.filed_on:
        return _("The appointment on %(day)s has passed.") % {"day": date_format(moment.date(), "DATE_FORMAT")}
    return None


def _has_employees(filing: Filing) -> bool:
    return typed(filing, "social_security.has_employees") == YesNo.YES


def _whole(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None
