"""Notices by e-mail, a channel of the outbox. The inbox shows a notice at once, with or without one."""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from kernel.core.letters import message_id
from kernel.core.moment import real_now
from kernel.core.outbox.models import Message
from portal.notices.addresses import mail_of, of_message, of_messages
from portal.notices.models import MailAddress, Notice
from portal.notices.texts import text


def prepare(message: Message) -> Callable | None:
    """What sends the e-mail; None for who can't be written to any more."""
    return _sending(of_message(message))


def prepare_many(messages: Sequence[Message]) -> dict[int, Callable | None]:
    return {message.pk: _sending(notice) for message, notice in of_messages(messages)}


def _sending(notice: Notice | None) -> Callable | None:
    return letter(notice).send if notice and mail_of(notice) else None


def prepare_code(message: Message) -> Callable | None:
    """What sends the code that proves an address; None where it would come too late."""
    waiting = MailAddress.objects.filter(account=message.payload["account"], until__gt=real_now())
    row = waiting.first()
    return code_letter(row, message.key).send if row else None


def code_letter(row: MailAddress, key: str) -> EmailMessage:
    """The code, in the language of the product; nothing of whom it is for."""
    with translation.override(settings.LANGUAGE_CODE):
        return EmailMessage(
            subject=_("Your code for the company opening portal"),
            body=_(
                "Your code is %(code)s, valid for ten minutes: it makes this address that of an account at the "
                "company opening portal. If you did not ask for it, do nothing, and tell it to nobody."
            )
            % {"code": row.code},
            to=[row.asked],
            headers={"Message-ID": message_id(key)},
        )


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
