"""The order of a set of seals with what the zone paid for it, and each seal with its code."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.cases.models import Application
from seals.fields import Delivery

CODE_DIGITS = 13
LONGEST_TRACKING = 40  # characters of a courier's number
DELIVERED = models.Q(delivered_at__isnull=False)
code_format = RegexValidator(rf"^\d{{{CODE_DIGITS}}}$", _("A seal code has 13 digits."))


class SealOrder(models.Model):
    """What the engraver makes for one company; created when the licence is issued.

    `serial` is what the proposed codes are made from, unique in the whole product. `captured_person` is the `uid` of
    the person of the case whose identity was captured: no personal data is kept a second time. The orders that are
    delivered are the subsidy ledger: the zone pays for the set, `subsidy_fen` in fen, in the moment of its delivery.
    """

    application = models.OneToOneField(
        Application,
        models.PROTECT,
        primary_key=True,
        related_name="seal_order",
        verbose_name=_("case"),
    )
    serial = models.PositiveBigIntegerField(_("order number"))
    ordered_at = models.DateTimeField(_("ordered"))
    captured_person = models.UUIDField(null=True)
    captured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("captured by"),
    )
    captured_at = models.DateTimeField(_("identity captured"), null=True)
    delivery = models.CharField(_("delivery"), max_length=10, choices=Delivery.choices, blank=True)
    tracking_number = models.CharField(_("courier number"), max_length=LONGEST_TRACKING, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True)
    subsidy_fen = models.PositiveIntegerField(_("paid by the zone (fen)"), null=True)

    class Meta:
        verbose_name = _("seal order")
        verbose_name_plural = _("seal orders")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["delivered_at"], name="seal_orders_delivered", condition=DELIVERED)
        ]
        constraints = [
            models.CheckConstraint(
                condition=~DELIVERED | models.Q(subsidy_fen__isnull=False), name="delivered_is_paid"
            )
        ]

    def __str__(self):
        return str(self.serial)


class Seal(models.Model):
    """One seal of an order. Its code is unique in the whole product, whoever proposed it."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("Company seal")
        FINANCE = "finance", _("Finance seal")
        INVOICE = "invoice", _("Invoice seal")
        CONTRACT = "contract", _("Contract seal")
        NAME = "name", _("Legal representative's name seal")

    order = models.ForeignKey(
        SealOrder, models.CASCADE, related_name="seals", verbose_name=_("order")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    code = models.CharField(  # noqa: DJ001 (NULL: not engraved yet)
        _("seal code"), max_length=CODE_DIGITS, null=True, unique=True, validators=[code_format]
    )
    engraved_at = models.DateTimeField(_("engraved"), null=True)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["order", "kind"], name="one_seal_of_a_kind")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.code or ''}".strip()
