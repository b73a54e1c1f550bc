"""Tax, as the rest of the house knows it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.core.departments import Department, Limit, Reply
from kernel.form import flow
from tax import CODE
from tax.desk import AUTHORITY, TaxDesk
from tax.fields import FIELDS, SECTION, SEES
from tax.pages import TaxPage
from tax.papers import PAPERS
from tax.results import TaxResultSerializer
from tax.standards import STANDARDS

TAX = Department(
    code=CODE,
    label=_("Tax"),
    named=pgettext_lazy("department", "tax"),
    letter=pgettext_lazy("reuse cell", "T"),
    short=pgettext_lazy("row of a clock", "Tax"),
    owner=pgettext_lazy("owner of a minute", "Tax"),
    title=_("Tax"),
    note=_("Taxes and invoices set by rules, no visit"),
    role="tax_officer",
    role_label=_("Tax officer"),
    state=flow.SETTLING,
    clock=Limit("tax", 15, _("Tax")),
    desk=TaxDesk(),
    standards=STANDARDS,
    namespace="tax",
    links=(("tax:queue", _("Tax")), ("tax:search", _("Find a case"))),
    urls="tax.urls",
    path="tax/",
    authorities=((AUTHORITY, pgettext_lazy("whom the zone names", "tax authority")),),
    section=SECTION,
    page=TaxPage,
    fields=FIELDS,
    sees=SEES,
    materials=(
        "opening_form",
        "power_of_attorney",
        "appointments",
        "address_proof",
        "finance_staff",
    ),
    papers=PAPERS,
    result=TaxResultSerializer,
    replies=(
        Reply(
            "invoices",
            pgettext_lazy("reply", "More invoices"),
            _(
                "The first limit is set by rules. Once the company trades you may ask for more "
                "with a contract, on the electronic tax site; the tax office decides."
            ),
        ),
        Reply(
            "stamp",
            pgettext_lazy("reply", "Electronic seal"),
            _("The electronic seal is enough for this; you need not wait for the engraved one."),
        ),
    ),
)
