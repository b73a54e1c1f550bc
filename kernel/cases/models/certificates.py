"""What the installation's certificate authority did, and the lists of what authorities took back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import Zone
from kernel.core.append_only import AppendOnly


class CertificateEvent(AppendOnly):
    """Append-only and chained like the trail of a case: each is sealed with a key of `settings.TRAIL_KEYS` over the one
    before it. `since` is the moment from which a revoked certificate's signatures don't count; `who` is whoever ran the
    command, as they wrote it. `zone` is empty for the authority's own and that of time stamps."""

    class Kind(models.TextChoices):
        AUTHORITY = "authority", _("Certificate authority made")
        ISSUED = "issued", _("Certificate issued")
        REVOKED = "revoked", _("Certificate revoked")

    number = models.PositiveIntegerField(_("number"), unique=True)
    kind = models.CharField(_("what"), max_length=20, choices=Kind.choices)
    zone = models.ForeignKey(
        Zone, models.PROTECT, null=True, related_name="+", verbose_name=_("zone")
    )
    serial = models.CharField(_("serial number"), max_length=40)
    subject = models.CharField(_("subject"), max_length=500)
    at = models.DateTimeField(_("when"))
    since = models.DateTimeField(_("since"), null=True)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    who = models.CharField(_("who"), max_length=100)
    previous = models.CharField(_("hash of the event before"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64)
    sealed_with = models.CharField(_("key of the seal"), max_length=20)

    class Meta:
        verbose_name = _("event of the certificate authority")
        verbose_name_plural = _("events of the certificate authority")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["serial"],
                condition=models.Q(kind="revoked"),
                name="a_certificate_is_revoked_once",
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.kind} {self.serial}"


class RevocationList(models.Model):
    """The newest list of each authority, signed by it: our own, and those of whoever stamps the time. `issuer` names
    its key (`certificate_authority.key_id`); `content` is DER, `fetched_at` when a stranger's was last had."""

    issuer = models.CharField(_("authority"), max_length=16, unique=True)
    number = models.PositiveIntegerField(_("number"))
    content = models.BinaryField()
    made_at = models.DateTimeField(_("made"))
    ends_at = models.DateTimeField(_("ends"))
    fetched_at = models.DateTimeField(_("fetched"), null=True)

    class Meta:
        verbose_name = _("list of revoked certificates")
        verbose_name_plural = _("lists of revoked certificates")

    def __str__(self):
        return f"{self.issuer} {self.number}"
