"""What the tax office confirms for a new company."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.cases.models import Application
from tax.fields import AccountingSystem, InvoiceKind, TaxpayerClass


class TaxRegistration(models.Model):
    """One for each case, written at the close. `taxes` are keys of `tax.rules`; the quota is for a month."""

    application = models.OneToOneField(
        Application,
        models.PROTECT,
        primary_key=True,
        related_name="tax_registration",
        verbose_name=_("case"),
    )
    taxpayer_class = models.CharField(
        _("taxpayer class"), max_length=20, choices=TaxpayerClass.choices
    )
    accounting_system = models.CharField(
        _("accounting system"), max_length=20, choices=AccountingSystem.choices
    )
    invoice_kind = models.CharField(_("invoices"), max_length=20, choices=InvoiceKind.choices)
    invoice_limit_fen = models.PositiveBigIntegerField(_("limit of one invoice (fen)"), default=0)
    invoice_quota_fen = models.PositiveBigIntegerField(_("invoices in a month (fen)"), default=0)
    taxes = models.JSONField(_("taxes"), default=list)
    withholding = models.BooleanField(_("wants its taxes withheld"), default=False)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("officer")
    )
    confirmed_at = models.DateTimeField(_("confirmed"))

    class Meta:
        verbose_name = _("tax registration")
        verbose_name_plural = _("tax registrations")
        ordering = ["-confirmed_at"]

    def __str__(self):
        return f"{self.application_id}: {self.get_taxpayer_class_display()}"
