"""Sending what the outbox holds. The inbox shows a notice at once; this is about e-mail.

A notice is claimed by a conditional UPDATE on its lease, so that two workers never send one notice at the same time.
A worker that dies between sending and recording leaves its lease to run out: the message goes again, with the same
Message-ID, by which mail systems know a repeat. A failure is tried again after 2, 4, 8 … minutes.
"""

import hashlib
import logging
from datetime import datetime, timedelta
from smtplib import SMTPException
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q, QuerySet
from django.utils import translation

from kernel.cases.models import Application
from kernel.cases.wake import wake
from kernel.core.moment import now, real_now
from portal.notices.models import Notice
from portal.notices.texts import text

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)  # many times the time limit of one message (settings.EMAIL_TIMEOUT)
MOST_TRIES = 8  # about four hours in all
BATCH = 100  # notices read at once; whoever reads the same ones finds those that are claimed gone from the next
TURN = 5.0  # real seconds of one task: then the sweep of the clocks has its turn, however many notices wait


def wake_delivery() -> None:
    wake("portal.notices.tasks.deliver")


def deliver() -> int:
    """Send what is due and in no other worker's hands, for one turn; returns how many notices were dealt with.

    What is left is asked for again, behind whatever else waits for a worker by then; unless nothing could be sent, for
    then the mail server is away and the next sweep is early enough.
    """
    passed_by, sent, end = _pass_by(), 0, monotonic() + TURN
    while found := list(_due().order_by("next_try_at").values_list("pk", "next_try_at")[:BATCH]):
        for pk, lease in found:
            sent += _send(pk, lease)
            if monotonic() > end:
                if sent:
                    wake_delivery()
                return passed_by + sent
    return passed_by + sent


def _due() -> QuerySet[Notice]:
    return Notice.objects.filter(next_try_at__lte=real_now())


def _pass_by() -> int:
    """Whoever has no address, or no account any more, isn't written to."""
    nobody = Q(recipient__email="") | Q(recipient__is_active=False)
    return _due().filter(nobody).update(sent_at=now(), next_try_at=None)


def claim(pk: int, lease: datetime) -> bool:
    """Take the notice, unless somebody did since its lease was read."""
    mine = Notice.objects.filter(pk=pk, next_try_at=lease, sent_at=None)
    return bool(mine.update(next_try_at=real_now() + LEASE, tries=F("tries") + 1))


def _send(pk: int, lease: datetime) -> bool:
    if not claim(pk, lease):
        return False
    notice = Notice.objects.select_related("recipient").get(pk=pk)
    notice.application = Application.objects.defer("answers").get(pk=notice.application_id)
    try:
        message(notice).send()
    except (OSError, SMTPException):
        log.warning(
            "notice not sent", exc_info=True, extra={"notice": notice.pk, "tries": notice.tries}
        )
        wait = (
            None if notice.tries >= MOST_TRIES else real_now() + timedelta(minutes=2**notice.tries)
        )
        Notice.objects.filter(pk=pk).update(next_try_at=wait)
        return False
    Notice.objects.filter(pk=pk).update(sent_at=now(), next_try_at=None)
    return True


def message(notice: Notice) -> EmailMessage:
    """The e-mail of a notice, in the language of the product; it names the case and leads to the inbox."""
    with translation.override(settings.LANGUAGE_CODE):
        said = text(notice)
    digest = hashlib.sha256(notice.idempotency_key.encode()).hexdigest()[:32]
    host = settings.SITE_ADDRESS.split("://")[-1].split(":")[0]
    return EmailMessage(
        subject=said.title,
        body=f"{said.body}\n\n{settings.SITE_ADDRESS}/messages/\n",
        to=[notice.recipient.email],
        headers={"Message-ID": f"<{digest}@{host}>"},
    )
