"""The seals' page of the form."""

from django.utils.translation import gettext_lazy as _

from kernel.applicants.inputs import Chosen, Mobile, Text
from kernel.applicants.pages import FormPage
from kernel.form.choices import YesNo
from kernel.standards import display
from seals.fields import Delivery


class SealsPage(FormPage):
    key = "seals"
    note = _("A set of four, free of charge; delivered or collected")

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

    @staticmethod
    def summary(filing):
        return display.listed(filing, "seals.delivery")

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
