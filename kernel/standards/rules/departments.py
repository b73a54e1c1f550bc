"""Rules on the answers for seals, tax, social security and the bank.

They run at registration too, so that everything is said at once.
"""

from datetime import timedelta

from django.utils.formats import date_format, localize
from django.utils.translation import gettext as _

from kernel.form.choices import YesNo
from kernel.form.codes import mobile_check
from kernel.form.filing import LONGEST_UNIT, MOST_EMPLOYEES, Filing, read_count, read_date
from kernel.standards.display import typed
from kernel.standards.rules.registry import Said, lacking, missing, not_chosen, rule, together

ENROL_WITHIN = timedelta(days=30)  # of hiring: domain rule on social security
BOOKED_WITHIN = timedelta(days=30)  # of the submit: until then the clocks rest

OF_EMPLOYEES = ("social_security.employee_count", "social_security.hired_on")
TAX_CHOICES = ("tax.taxpayer_class", "tax.accounting_system", "tax.invoice_kind", "tax.withholding")


@rule
def seals_can_be_delivered(filing: Filing) -> str | None:
    open_fields = not_chosen(filing, ["seals.contract_seal", "seals.delivery"])
    if typed(filing, "seals.delivery") != "courier":
        return lacking(filing, open_fields)
    open_fields += missing(filing, ["seals.recipient", "seals.phone", "seals.address"])
    phone, wrong = typed(filing, "seals.phone"), None
    if phone and not mobile_check(phone).ok:
        wrong = Said(_("The recipient's phone is not a mobile number."), ["seals.phone"])
    return together(lacking(filing, open_fields), wrong)


@rule
def tax_is_answered(filing: Filing) -> str | None:
    return lacking(filing, not_chosen(filing, TAX_CHOICES))


@rule
def social_security_is_answered(filing: Filing) -> str | None:
    if not _has_employees(filing):
        return lacking(filing, not_chosen(filing, ["social_security.has_employees"]))
    count, day = (typed(filing, key) for key in OF_EMPLOYEES)
    wrong = []
    if count and not 1 <= (read_count(count) or 0) <= MOST_EMPLOYEES:
        sentence = _("The number of employees is not a whole number from 1 to %(most)s.")
        wrong.append(Said(sentence % {"most": localize(MOST_EMPLOYEES)}, OF_EMPLOYEES[:1]))
    if day and read_date(day) is None:
        wrong.append(
            Said(
                _("The first day of work, “%(day)s”, is not a date.") % {"day": day},
                OF_EMPLOYEES[1:],
            )
        )
    return together(lacking(filing, missing(filing, OF_EMPLOYEES)), *wrong)


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
    branch = typed(filing, "bank.branch").strip()
    unknown = [] if 0 < len(branch) <= LONGEST_UNIT else ["bank.branch"]
    return lacking(filing, unknown + not_chosen(filing, ["bank.meeting"]))


@rule
def appointment_lies_ahead(filing: Filing) -> str | None:
    moment = filing.appointment
    if moment is None:
        return _("The appointment is missing or can't be read.")
    if moment.date() < filing.filed_on:
        return _("The appointment on %(day)s has passed.") % {
            "day": date_format(moment.date(), "DATE_FORMAT")
        }
    if moment.date() - filing.filed_on > BOOKED_WITHIN:
        said = _(
            "The appointment on %(day)s is more than 30 days ahead. Choose one of those that are offered."
        )
        return said % {"day": date_format(moment.date(), "DATE_FORMAT")}
    return None


def _has_employees(filing: Filing) -> bool:
    return typed(filing, "social_security.has_employees") == YesNo.YES
