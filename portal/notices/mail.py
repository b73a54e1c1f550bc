"""Notices by e-mail, a channel of the outbox. The inbox shows a notice at once, with or without one."""

from collections.abc import Callable

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation

from kernel.cases.models import Application
from kernel.core.letters import message_id
from kernel.core.outbox.models import Message
from portal.notices.addresses import mail_of
from portal.notices.models import Notice
from portal.notices.texts import text


def prepare(message: Message) -> Callable | None:
    """What sends the e-mail; None for who can't be written to any more."""
    notice = Notice.objects.select_related("recipient").get(pk=message.payload["notice"])
    if not mail_of(notice):
        return None
    if notice.application_id:
        notice.application = Application.objects.defer("answers").get(pk=notice.application_id)
    return letter(notice).send


def letter(notice: Notice) -> EmailMessage:
    """The e-mail of a notice, in the language of the product; it names the case and leads to its place. A repeat has
    the same Message-ID, by which mail systems know it."""
    with translation.override(settings.LANGUAGE_CODE):
        body = text(notice)
    return EmailMessage(
        subject=body.title,
        body=f"{body.body}\n\n{settings.SITE_ADDRESS}/messages/{notice.pk}/\n",
        to=[mail_of(notice)],
        headers={"Message-ID": message_id(notice.idempotency_key)},
    )
