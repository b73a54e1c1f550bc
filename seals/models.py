"""The order of a set of seals with what the zone paid for it, each seal with its code, and how the set comes to the
company: collected at the window, or in parcels."""

import uuid

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.cases.models import Application
from kernel.core.certain import certain
from kernel.core.fields import EncryptedJSONField, EncryptedTextField, PlacedFileField
from kernel.core.privacy import SEALED, unseal
from kernel.form.uploads import keeping
from seals.fields import Delivery, Presence

CODE_DIGITS = 13
LONGEST_TRACKING = 40  # characters of a courier's number
DELIVERED = models.Q(delivered_at__isnull=False)
code_format = RegexValidator(rf"^\d{{{CODE_DIGITS}}}$", _("A seal code has 13 digits."))


class SealOrder(models.Model):
    """What the engraver makes for one company; created when the licence is issued.

    `serial` is what the proposed codes are made from, unique in the whole product. `captured_person` is the `uid` of
    the person of the case whose identity was captured: no personal data is kept a second time. The set is ready once it
    is engraved and filed (`ready_at`, the close of the stage) and delivered once somebody has it in hand
    (`delivered_at`). The orders that are delivered are the subsidy ledger: the zone pays for the set, `subsidy_fen` in
    fen, in the moment of its delivery.
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
    captured_how = models.CharField(
        _("how the identity was captured"), max_length=10, choices=Presence.choices, blank=True
    )
    delivery = models.CharField(_("delivery"), max_length=10, choices=Delivery.choices, blank=True)
    ready_at = models.DateTimeField(_("ready"), null=True)
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


class IdentityPicture(models.Model):
    """What was photographed for the capture of an identity: `content` as it was checked."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("Identity document")
        PERSON = "person", _("The person")
        AUTHORISATION = "authorisation", _("Authorisation, signed on paper")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey(
        SealOrder, models.CASCADE, related_name="pictures", verbose_name=_("order")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    file = PlacedFileField(_("file"))
    content_type = models.CharField(_("type"), max_length=40)
    sha256 = models.CharField(max_length=64)
    taken_at = models.DateTimeField(_("taken"))

    class Meta:
        verbose_name = _("picture of an identity")
        verbose_name_plural = _("pictures of identities")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "kind"], name="one_picture_of_a_kind")
        ]

    def __str__(self):
        return self.get_kind_display()

    def file_path(self) -> str:
        return f"identities/{self.uid}"

    def keep(self, content: bytes) -> None:
        """Store these bytes, which the storage encrypts; the row is not saved. Raises NoRoom."""
        with keeping():
            self.file.save("", ContentFile(content), save=False)

    def read(self) -> bytes:
        """Raises InvalidTag or KeyError where an older picture can't be opened, else `encrypted_files.Unreadable`."""
        with self.file.open("rb") as stored:
            content = stored.read()
        return unseal(content, str(self.uid)) if content.startswith(SEALED) else content

    def renew(self) -> bool:
        """Keep an older picture as every file is kept; whether it was one. Raises as `read` and `keep` do."""
        storage, old = self.file.storage, certain(self.file.name)
        with self.file.open("rb") as stored:
            if stored.read(len(SEALED)) != SEALED:
                return False
        self.keep(self.read())
        self.save(update_fields=["file"])
        storage.delete(old)
        return True


class PickUp(models.Model):
    """That the set waits at the window for whoever shows `code`, and to whom it was handed.

    `named` is somebody besides the founders whom the applicant lets collect it: `{"name", "id_number"}`. Each attempt
    with a wrong code or a wrong number counts (`wrong`); after so many the code is a new one.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.OneToOneField(
        SealOrder, models.CASCADE, related_name="pick_up", verbose_name=_("order")
    )
    code = EncryptedTextField(_("pick-up code"))
    named = EncryptedJSONField(_("who else may collect it"), default=dict)
    wrong = models.PositiveSmallIntegerField(_("wrong attempts"), default=0)
    ready_at = models.DateTimeField(_("ready"))
    handed_to = EncryptedTextField(_("handed to"), blank=True, default="")
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("handed over by"),
    )
    handed_at = models.DateTimeField(_("handed over"), null=True)

    class Meta:
        verbose_name = _("pick-up")
        verbose_name_plural = _("pick-ups")
        ordering = ["ready_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(handed_at=None, handed_by=None, handed_to="")
                | models.Q(handed_at__isnull=False, handed_by__isnull=False)
                & ~models.Q(handed_to=""),
                name="handed_to_somebody_by_somebody",
            )
        ]

    def __str__(self):
        return str(self.order_id)


class Parcel(models.Model):
    """One attempt to bring the set by courier; a lost one is followed by the next (`attempt` from 1).

    `carrier` is a code of `carriers`, `tracking_number` the carrier's. `told_by` is who said how it ended, None where
    the carrier's own system did. `asked_at` is when that was last asked.
    """

    class State(models.TextChoices):
        READY = "ready", _("To be handed to the courier")
        SENT = "sent", _("On its way")
        DELIVERED = "delivered", _("Delivered")
        BACK = "back", _("Came back")
        LOST = "lost", _("Lost")

    order = models.ForeignKey(
        SealOrder, models.CASCADE, related_name="parcels", verbose_name=_("order")
    )
    attempt = models.PositiveSmallIntegerField(_("attempt"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.READY)
    carrier = models.CharField(_("carrier"), max_length=20, blank=True, default="")
    tracking_number = models.CharField(
        _("courier number"), max_length=LONGEST_TRACKING, blank=True, default=""
    )
    ready_at = models.DateTimeField(_("ready"))
    sent_at = models.DateTimeField(_("handed to the courier"), null=True)
    ended_at = models.DateTimeField(_("arrived, or known not to"), null=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")
        ordering = ["order", "attempt"]
        constraints = [
            models.UniqueConstraint(fields=["order", "attempt"], name="one_parcel_an_attempt"),
            models.UniqueConstraint(
                fields=["order"],
                condition=models.Q(state__in=["ready", "sent"]),
                name="one_parcel_under_way",
            ),
            models.CheckConstraint(
                condition=models.Q(state="ready")
                | models.Q(sent_at__isnull=False)
                & ~models.Q(carrier="")
                & ~models.Q(tracking_number=""),
                name="what_is_sent_can_be_followed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=models.Q(state="sent"), name="parcels_on_the_way"
            )
        ]

    def __str__(self):
        return f"{self.order_id}/{self.attempt}"
