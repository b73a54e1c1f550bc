"""Sending what the outbox holds. The inbox shows a notice at once; this is about e-mail.

A notice is claimed by a conditional UPDATE on its lease, so that two workers never send one notice at the same time.
A worker that dies between sending and recording leaves its lease to run out: the message goes again, with the same
Message-ID, by which mail systems know a repeat. A failure is tried again after 2, 4, 8 … minutes.
"""

import hashlib
import logging
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q
from django.utils import translation

from portal.notices.models import Notice
from portal.notices.texts import text
from registration.models import Application
from sla.moment import now, real_now

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)  # many times the time limit of one message (settings.EMAIL_TIMEOUT)
MOST_TRIES = 8  # about four hours in all
BATCH = 100


def deliver() -> int:
    """Send everything that is due and in no other worker's hands; returns how many notices were dealt with."""
    at = now()
    due = Notice.objects.filter(next_try_at__lte=real_now())
    dealt = due.filter(Q(recipient__email="") | Q(recipient__is_active=False)).update(sent_at=at, next_try_at=None)
    for pk, lease in due.order_by("next_try_at").values_list("pk", "next_try_at")[:BATCH]:
        dealt += _send(pk, lease)
    return dealt


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
        log.warning("notice not sent", exc_info=True, extra={"notice": notice.pk, "tries": notice.tries})
        wait = None if notice.tries >= MOST_TRIES else real_now() + timedelta(minutes=2**notice.tries)
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
