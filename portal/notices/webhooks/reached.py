"""What receivers do with what is posted to them: the last time that one took something, since when one is away, and
that one is switched off, which its holder is told."""

from datetime import datetime, timedelta

from django.conf import settings

from kernel.core.moment import now
from kernel.core.outbox.models import Message
from kernel.core.wake import wake
from portal.notices import deliveries
from portal.notices.models import Notice, Webhook
from portal.notices.sending_out import SEND_OUT
from portal.notices.webhooks.sending import Gone, webhook_of

OFF = "webhook_off"  # kind of the notice


def settled(message: Message) -> None:
    """Within the transaction that settles the row of the outbox."""
    deliveries.settled(message)
    hook = webhook_of(message)
    if hook is None or message.state == Message.State.LAPSED:
        return
    rows, at = Webhook.objects.filter(pk=hook.pk, off_at=None), now()
    if message.state == Message.State.TOLD:
        rows.update(taken_at=at, away_since=None)
        return
    since = hook.away_since or max(message.written_at, hook.taken_at or message.written_at)
    rows.filter(away_since=None).update(away_since=since)
    days = timedelta(days=settings.WEBHOOK_DAYS)
    if (message.error == Gone.__name__ or at - since >= days) and rows.update(off_at=at):
        _tell(hook, at)


def _tell(hook: Webhook, at: datetime) -> None:
    Notice.objects.create(
        recipient=hook.account,
        kind=OFF,
        created_at=at,
        channels_at=at,
        idempotency_key=f"{OFF}:{hook.uid}:{at.isoformat()}",
    )
    wake(SEND_OUT)
