"""What somebody sent when their session had ended: kept here, encrypted, until they are logged in and send it again, or
until its days are past (`kernel.accounts.retention`).

Never in the browser, which may stand in the hall. A row belongs to the person for whom the page was made, and nobody
else is shown it; files and the addresses of accounts, where passwords are typed, are left out.
"""

import uuid
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from kernel.core.fields import EncryptedJSONField, longest
from kernel.core.moment import real_now

MOST_PAGES = 20  # of one account
_signer = Signer(salt="kernel.accounts.unsent")


class Unsent(models.Model):
    """The fields of one form, each with its list of values. `page` is where the form stands, `sent_to` its address."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="unsent")
    page = models.CharField(max_length=500)
    sent_to = models.CharField(max_length=500)
    typed = EncryptedJSONField(default=dict)
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("form that was not sent")
        verbose_name_plural = _("forms that were not sent")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "page", "sent_to"], name="unsent_once_for_each_form"
            )
        ]

    def __str__(self):
        return str(self.uid)


def mark(account: Any) -> str:
    """What a page says of the person for whom it was made; empty for nobody."""
    return _signer.sign(str(account.pk)) if account.is_authenticated else ""


def account_of(marked: str) -> int | None:
    """Whose mark it is; None for one that isn't ours."""
    try:
        return int(_signer.unsign(marked))
    except BadSignature:
        return None


@transaction.atomic
def keep(account_id: int, page: str, sent_to: str, typed: dict[str, list[str]]) -> bool:
    """Keep what was typed instead of what was kept of the same form; False where there is no such account or place."""
    from kernel.accounts.models import User

    at, most = real_now(), longest(Unsent, "page")
    account = User.objects.select_for_update().filter(pk=account_id, is_active=True).first()
    if account is None or not typed or max(len(page), len(sent_to)) > most:
        return False
    mine = Unsent.objects.filter(account=account)
    mine.filter(page=page, sent_to=sent_to).delete()
    too_many = mine.order_by("-at").values_list("pk", flat=True)[MOST_PAGES - 1 :]
    mine.filter(pk__in=list(too_many)).delete()
    Unsent.objects.create(account=account, page=page, sent_to=sent_to, typed=typed, at=at)
    return True


def of(account: Any, page: str) -> list[Unsent]:
    """What is kept of the forms of a page, for its owner."""
    return list(Unsent.objects.filter(account=account, page=page))


def pages(account: Any) -> list[str]:
    """The addresses on which something of the person waits, the newest first."""
    rows = Unsent.objects.filter(account=account).order_by("-at")
    return list(dict.fromkeys(rows.values_list("page", flat=True)))


def forget(account: Any, **which: Any) -> None:
    """It was sent, or is not wanted any more: what is kept of a `page`, of what is `sent_to` an address, or both."""
    Unsent.objects.filter(account=account, **which).delete()


@transaction.atomic
def move(account: Any, page: str, to: str) -> None:
    """What waits on a page waits on another from now on, instead of what was kept there of the same form."""
    rows = Unsent.objects.filter(account=account, page=page)
    sent_to = list(rows.values_list("sent_to", flat=True))
    forget(account, page=to, sent_to__in=sent_to)
    rows.update(page=to)
