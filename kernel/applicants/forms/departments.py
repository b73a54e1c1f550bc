"""The pages on what the departments need: seals, tax, social security, bank."""

from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from kernel.applicants.forms.base import SectionForm
from kernel.applicants.inputs import Chosen, Day, Mobile, Picked, Text, Whole
from kernel.cases.casework import calendar_id
from kernel.form import choices, flow
from kernel.form.choices import Delivery, YesNo
from kernel.sla.calendars import work_calendar
from kernel.sla.worktime import deadline, windows_of
from kernel.standards import display

SLOT = timedelta(minutes=30)
DAYS_AHEAD = 5  # working days on which an appointment can be made


class SealsForm(SectionForm):
    section = "seals"

    contract_seal = Chosen(
        "seals.contract_seal",
        help_text=_(
            "Company, finance, invoice and legal representative's seal are free. This one is a fifth."
        ),
    )
    delivery = Chosen("seals.delivery")
    recipient = Text()
    phone = Mobile()
    address = Text(100)

    def proposal(self):
        holder = self.draft.filing.holder_of("legal_representative")
        filing = self.draft.filing
        place = (
            display.display(filing, "address.division") if filing.answer("address.division") else ""
        )
        return {
            "contract_seal": YesNo.NO,
            "delivery": Delivery.COURIER,
            "recipient": holder.name if holder else "",
            "phone": holder.phone if holder else "",
            "address": f"{place}{filing.answer('address.detail')}",
        }


class TaxForm(SectionForm):
    section = "tax"
    prefills = True

    taxpayer_class = Chosen(
        "tax.taxpayer_class",
        help_text=_(
            "Small-scale: up to 5 million yuan of sales a year, which fits most new companies."
        ),
    )
    accounting_system = Chosen("tax.accounting_system")
    invoice_kind = Chosen(
        "tax.invoice_kind", help_text=_("Digital invoices need no device and no visit.")
    )
    withholding = Chosen(
        "tax.withholding",
        help_text=_("Taxes are then paid from the new account without going anywhere."),
    )

    def proposal(self):
        return {
            "taxpayer_class": choices.TaxpayerClass.SMALL,
            "accounting_system": choices.AccountingSystem.SMALL_BUSINESS,
            "invoice_kind": choices.InvoiceKind.DIGITAL,
            "withholding": YesNo.YES,
        }


class SocialSecurityForm(SectionForm):
    section = "social_security"
    prefills = True

    has_employees = Chosen("social_security.has_employees")
    employee_count = Whole()
    hired_on = Day(help_text=_("Employees are enrolled within 30 days of their first day of work."))

    def proposal(self):
        return {"has_employees": YesNo.NO}


class BankForm(SectionForm):
    section = "bank"

    branch = Picked()
    meeting = Chosen(
        "bank.meeting", help_text=_("The one thing that the bank must do with you in person.")
    )
    appointment = Picked(
        help_text=_(
            "Ten minutes. If the licence and the seals take longer, agree on another time with the branch."
        )
    )

    def prepare(self):
        self.fields["branch"].offer(choices.offered("bank.branch", self.draft.zone))
        slots = appointment_choices(self.draft.zone, self.draft.at)
        self.fields["appointment"].offer(
            _with_present(slots, self.now("appointment"), self.draft.at)
        )

    def clean(self):
        super().clean()
        branches = dict(choices.offered("bank.branch", self.draft.zone))
        if (
            branches
            and self.cleaned_data.get("branch")
            and self.cleaned_data["branch"] not in branches
        ):
            self.add_error("branch", _("This branch takes no new companies now. Choose another."))


def appointment_choices(zone, at: datetime) -> list:
    """Times in the working windows of the next working days, by day; none before licence and seals are due."""
    calendar = work_calendar(calendar_id(zone.calendar_code))
    earliest = deadline(at, flow.budget("licence_and_seals", zone.settings), calendar)
    days, day = [], localtime(at).date()
    for _look in range(30):
        times = [
            slot for opens, closes in windows_of(day, calendar) for slot in _slots(opens, closes)
        ]
        times = [slot for slot in times if slot >= earliest]
        if times:
            named = [(f"{slot:%Y-%m-%dT%H:%M}", f"{_named(slot)} {slot:%H:%M}") for slot in times]
            days.append((_named(times[0]), named))
        if len(days) == DAYS_AHEAD:
            break
        day += timedelta(days=1)
    return days


def _slots(opens: datetime, closes: datetime):
    while opens + SLOT <= closes:
        yield opens
        opens += SLOT


def _named(moment: datetime) -> str:
    return date_format(moment, pgettext("date format", "j F"))


def _with_present(groups: list, value: str, at: datetime) -> list:
    """What can be chosen, and what was chosen, where it still lies ahead but is no longer offered."""
    if value in {slot for _day, slots in groups for slot, _label in slots}:
        return groups
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return groups
    if moment.tzinfo is not None or moment < localtime(at).replace(tzinfo=None):
        return groups
    return [(value, f"{_named(moment)} {moment:%H:%M}"), *groups]
