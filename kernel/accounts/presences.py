"""Somebody stood at the counter in person: how that was made sure, by whom and when.

Who has a phone says the code that was sent to it. Of who has none an officer looks at the identity card and keeps its
picture: that look takes the place of the code, and of nothing else (`kernel.accounts.proofs`).
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from kernel.accounts.account_events import AccountEvent, record
from kernel.core.fields import PlacedFileField
from kernel.core.moment import now

GOOD_FOR = timedelta(hours=4)  # a visit; who comes again shows anew who they are


class Presence(models.Model):
    """`by` is the officer in front of whom the account's holder stood. The `picture` of the card is taken out after its
    days (`kernel.accounts.retention`); that somebody looked, and when, stays."""

    class How(models.TextChoices):
        CODE = "code", _("By a code sent to their phone")
        CARD = "card", _("By the officer's look at the identity card")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="presences", verbose_name=_("who")
    )
    zone = models.ForeignKey("accounts.Zone", models.PROTECT, verbose_name=_("zone"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("officer")
    )
    how = models.CharField(_("how"), max_length=10, choices=How.choices)
    at = models.DateTimeField(_("when"))
    picture = PlacedFileField(_("picture of the card"), blank=True)
    content_type = models.CharField(max_length=40, blank=True, default="")
    erased_at = models.DateTimeField(_("picture taken out"), null=True, editable=False)

    class Meta:
        verbose_name = _("presence at the counter")
        verbose_name_plural = _("presences at the counter")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(how="card")
                | ~models.Q(picture="")
                | models.Q(erased_at__isnull=False),
                name="a_look_at_a_card_has_its_picture",
            )
        ]

    def __str__(self):
        return str(self.uid)

    def file_path(self) -> str:
        return f"presences/{self.uid}"

    def shows(self, user) -> bool:
        """Whether by this the account's holder is here now."""
        return self.account_id == user.pk and self.at > now() - GOOD_FOR


@transaction.atomic
def come(*, account, by, how: str, picture=None) -> Presence:
    """Keep that the holder of `account` stands in front of the officer `by`. `picture` is a
    `kernel.form.uploads.CheckedFile` of the card, without which there is no look at one.

    Raises IntegrityError for a look without a picture.
    """
    row = Presence(account=account, by=by, zone_id=by.zone_id, how=how, at=now())
    if picture is not None:
        row.content_type = picture.content_type
        row.picture.save("", picture.as_file(), save=False)
    row.save()
    record(
        account,
        AccountEvent.Kind.CARD_SEEN if how == Presence.How.CARD else AccountEvent.Kind.CAME,
        by,
    )
    return row


def drop_pictures(rows) -> int:
    """Take the pictures of cards out; the rows stay. Returns how many."""
    taken = 0
    for row in rows:
        row.picture.delete(save=False)
        row.erased_at = now()
        row.save(update_fields=["picture", "erased_at"])
        taken += 1
    return taken
