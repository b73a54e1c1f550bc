"""Notices by e-mail, a channel of the outbox. The inbox shows a notice at once, with or without one."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation

from kernel.cases.models import Application
from kernel.core.letters import message_id
from kernel.core.outbox.models import Message
from kernel.core.outbox.models import post as post_all
from portal.notices.models import Notice
from portal.notices.texts import text

CHANNEL = "e-mail"
# Whether the recipient of a row of notices can be written to: asked by the statement that writes the notices.
REACHES = "(SELECT u.email <> '' AND u.is_active FROM accounts_user u WHERE u.id = recipient_id)"


def post(notices: Iterable[Notice]) -> None:
    """Have these sent."""
    post_all(
        [
            Message(
                channel=CHANNEL,
                key=notice.idempotency_key,
                subject=notice.application.number if notice.application else "",
                zone=notice.application.zone_id if notice.application else None,
                payload={"notice": notice.pk},
                written_at=notice.created_at,
            )
            for notice in notices
        ]
    )


def prepare(message: Message) -> Callable | None:
    """What sends the e-mail; None for who can't be written to any more."""
    notice = Notice.objects.select_related("recipient").get(pk=message.payload["notice"])
    if not notice.recipient.email:
        return None
    if notice.application_id is None:  # of the account, also of one that was shut
        return letter(notice).send
    if not notice.recipient.is_active:
        return None
    notice.application = Application.objects.defer("answers").get(pk=notice.application_id)
    return letter(notice).send


def letter(notice: Notice) -> EmailMessage:
    """The e-mail of a notice, in the language of the product; it names the case and leads to the inbox. A repeat has
    the same Message-ID, by which mail systems know it."""
    with translation.override(settings.LANGUAGE_CODE):
        body = text(notice)
    return EmailMessage(
        subject=body.title,
        body=f"{body.body}\n\n{settings.SITE_ADDRESS}/messages/\n",
        to=[notice.recipient.email],
        headers={"Message-ID": message_id(notice.idempotency_key)},
    )
