"""The tax desk's pages."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.desks.case_page import CasePage
from kernel.desks.data import Row
from kernel.desks.pages import DeskPages
from kernel.form import flow
from tax import CODE, rules
from tax.forms import TaxForm
from tax.models import TaxRegistration


class TaxPages(DeskPages):
    department = CODE
    namespace = "tax"
    title = gettext_lazy("Tax desk")
    template = "tax/case.html"
    form_class = TaxForm
    close_label = gettext_lazy("Confirm and close")
    closed_sentence = gettext_lazy("%(name)s: the tax information is confirmed.")

    def initial(self, page: CasePage) -> dict:
        decision = rules.decide(page.filing, page.application.zone.settings)
        return {
            "taxpayer_class": decision.taxpayer_class,
            "accounting_system": decision.accounting_system,
            "invoice_kind": decision.invoice_kind,
            "invoice_limit": decision.invoice_limit_fen // rules.FEN,
            "invoice_quota": decision.invoice_quota_fen // rules.FEN,
            "taxes": list(decision.taxes),
        }

    def context(self, page: CasePage) -> dict:
        if page.stage.state != flow.DONE:
            return {}
        return {"record": recorded(TaxRegistration.objects.get(pk=page.application.pk))}

    def ready_note(self, page: CasePage) -> str:
        return _("The rules have filled everything in. Closing issues the tax information sheet.")


def recorded(registration: TaxRegistration) -> list[Row]:
    """What was confirmed, for reading."""
    names = _("; ").join(
        rules.taxes()[key].name for key in registration.taxes if key in rules.taxes()
    )
    quota = _("%(yuan)s yuan a month") % {
        "yuan": f"{registration.invoice_quota_fen // rules.FEN:,}"
    }
    return [
        Row(_("Taxpayer class"), registration.get_taxpayer_class_display()),
        Row(_("Accounting system"), registration.get_accounting_system_display()),
        Row(_("Taxes and levies"), names),
        Row(_("Invoices"), registration.get_invoice_kind_display(), quota),
        Row(
            _("Withholding agreement"),
            _("wanted: it is made with the account")
            if registration.withholding
            else _("not wanted"),
        ),
    ]
