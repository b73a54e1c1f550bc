"""What tax asks in the form, and what it uses of what others ask."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from kernel.form.choices import YesNo
from kernel.form.fields import AGENT, NAME, OF_DEPARTMENTS, Field, Section


class TaxpayerClass(TextChoices):
    SMALL = "small", _("Small-scale taxpayer")
    GENERAL = "general", _("General taxpayer")


class AccountingSystem(TextChoices):
    SMALL_BUSINESS = "small_business", _("Accounting standards for small businesses")
    ENTERPRISE = "enterprise", _("Accounting standards for enterprises")
    INDIVIDUAL = "individual", _("Accounting rules for individual businesses")


class InvoiceKind(TextChoices):
    DIGITAL = "digital", _("Digital invoices")
    NONE = "none", _("No invoices for now")


SECTION = Section(
    "tax",
    _("Tax"),
    OF_DEPARTMENTS,
    material="opening_form",
)
FIELDS = (
    Field("contacts.tax_agent", _("Tax agent"), personal=True),
    Field("tax.taxpayer_class", _("Taxpayer class"), choices=TaxpayerClass),
    Field("tax.accounting_system", _("Accounting system"), choices=AccountingSystem),
    Field("tax.invoice_kind", _("Invoices"), choices=InvoiceKind),
    Field("tax.withholding", _("Three-party withholding agreement"), choices=YesNo),
)
SEES = (
    *NAME,
    "scope.industry",
    "scope.items",
    "address.division",
    "address.detail",
    "address.proof",
    "address.lease_until",
    "capital.amount",
    "capital.paid_by",
    "shareholders.people",
    "officers.legal_representative",
    "contacts.finance",
    *AGENT,
    "materials.address_proof",
    "materials.agent_id",
)
