"""What a zone may set of tax."""

from django.utils.translation import gettext_lazy as _

from kernel.accounts import authorities
from kernel.accounts.setting_kinds import structure
from kernel.accounts.zone_settings import Setting
from tax import rules

TAX = _("Tax")
SETTINGS = (
    authorities.setting(authorities.TAX_AUTHORITY, TAX, _("Tax authority")),
    Setting(
        "tax_invoices",
        structure(
            rules.are_amounts,
            _(
                "Enter limit and quota in whole yuan, the limit not above the quota, for small and general."
            ),
        ),
        rules.data()["invoices"],
        TAX,
        _("Invoices that are proposed"),
        _("For each taxpayer class the limit of one invoice and the quota of a month, in yuan."),
    ),
)
