"""Whoever's account was changed by somebody else is told, in the inbox and by e-mail: also of one that was shut, which
e-mail alone reaches."""

from kernel.accounts.account_events import AccountEvent, recorded
from kernel.core.wake import wake
from portal.notices.models import MailAddress, Notice, Webhook
from portal.notices.sending_out import SEND_OUT

Kind = AccountEvent.Kind
TOLD = {
    Kind.ROLES: "account_roles",
    Kind.PASSWORD_SET: "account_password",
    Kind.LINK: "account_link",
    Kind.BY_LINK: "account_by_link",
    Kind.STEP_RESET: "account_step",
    Kind.SHUT: "account_shut",
    Kind.OPENED: "account_opened",
}


def write(sender, event: AccountEvent, **_kwargs) -> None:
    if event.kind == Kind.CLOSED:
        MailAddress.objects.filter(account=event.account).delete()
        Webhook.objects.filter(account=event.account).delete()
    kind = TOLD.get(Kind(event.kind))
    if kind is None:
        return
    Notice.objects.create(
        recipient=event.account,
        kind=kind,
        created_at=event.at,
        channels_at=event.at,
        idempotency_key=f"account:{event.pk}",
    )
    wake(SEND_OUT)


def connect() -> None:
    recorded.connect(write, dispatch_uid="portal.notices.accounts")
