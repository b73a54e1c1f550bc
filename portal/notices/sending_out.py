"""By which channels a notice goes beside the inbox: decided by workers after the commit, for each recipient by what
they proved and chose. The rows of the outbox that send it are written in the same transaction, so that a worker that
dies, or two at once, neither lose nor double anything."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from time import monotonic

from django.db import transaction
from django.utils.timezone import localtime

from kernel.accounts.models import Role, User
from kernel.cases.models import Application
from kernel.core import rows
from kernel.core.moment import now
from kernel.core.outbox.models import Message, post
from kernel.core.wake import wake
from portal.notices import addresses, choices, phone_texts
from portal.notices.due import moments_due
from portal.notices.models import Choices, Delivery, Notice
from portal.notices.webhooks import kinds

SEND_OUT = "portal.notices.tasks.send_out"
BATCH = 100
TURN = 5.0  # real seconds of one task
State, Fault = Delivery.State, Delivery.Fault


def send_out() -> int:
    """Decide what is due; returns how many notices were looked at."""
    count, end = 0, monotonic() + TURN
    while done := _step():
        count += done
        if monotonic() > end:
            wake(SEND_OUT)
            break
    return count


@transaction.atomic
def _step() -> int:
    at = now()
    due = Notice.objects.select_for_update(skip_locked=True, of=("self",))
    notices = list(
        due.filter(channels_at__lte=at)
        .select_related(
            "recipient__notice_choices", "recipient__mail_address", "recipient__webhook"
        )
        .order_by("channels_at", "pk")[:BATCH]
    )
    notices = list(_with_cases(notices))
    due_at = moments_due(notices)
    ways = [Way(notice, at, due_at[notice.pk]) for notice in notices]
    sent = [delivery for way in ways for delivery in way.deliveries]
    known = set(
        Delivery.objects.filter(notice__in=notices).values_list("notice", "channel")
    )  # what went before the quiet hours ended
    fresh = [row for row in sent if (row.notice_id, row.channel) not in known]
    rows.insert(fresh)
    post([_message(row) for row in fresh if row.state == State.QUEUED])
    for way in ways:
        way.notice.channels_at = way.waits_until
    rows.update(notices, ("channels_at",))
    return len(notices)


def _with_cases(notices: list[Notice]) -> Iterable[Notice]:
    wanted = {notice.application_id for notice in notices if notice.application_id}
    cases = Application.objects.defer("answers").in_bulk(wanted)
    for notice in notices:
        if notice.application_id:
            notice.application = cases[notice.application_id]
        yield notice


class Way:
    """How one notice goes on at this moment."""

    def __init__(self, notice: Notice, at: datetime, due_at: datetime | None):
        self.notice, self.at, self.due_at = notice, at, due_at
        self.recipient: User = notice.recipient
        try:
            self.choices: Choices = self.recipient.notice_choices
        except Choices.DoesNotExist:
            self.choices = choices.usual(self.recipient)

    @cached_property
    def goes_to_phone(self) -> bool:
        return phone_texts.wording(self.notice) is not None and self.choices.texts

    @cached_property
    def waits_until(self) -> datetime | None:
        """The end of the quiet hours, for what goes to a phone and may wait."""
        if not self.goes_to_phone or not addresses.phone_of(self.recipient):
            return None
        return choices.quiet_until(self.choices, localtime(self.at), self.due_at)

    @property
    def deliveries(self) -> list[Delivery]:
        by_phone = self.goes_to_phone and addresses.phone_of(self.recipient)
        by_mail = self.choices.mail and addresses.mail_of(self.notice)
        by_webhook = self._goes_to_webhook
        made = [self._new(addresses.MAIL)] if by_mail else []
        if by_phone and self.waits_until is None:
            made.append(self._new(addresses.TEXTS))
        if by_webhook:
            made.append(self._new(addresses.WEBHOOK))
        if self.goes_to_phone and not (by_phone or by_mail or by_webhook) and self._is_owed:
            fault = {"state": State.FAILED, "fault": Fault.NO_ADDRESS, "ended_at": self.at}
            made.append(self._new(addresses.TEXTS, **fault, trail_due=True))
        return made

    @property
    def _goes_to_webhook(self) -> bool:
        """At any hour: it wakes nobody."""
        hook = addresses.webhook_of(self.recipient)
        of_case = self.notice.application_id is not None
        return hook is not None and of_case and kinds.group(self.notice) in hook.kinds

    @property
    def _is_owed(self) -> bool:
        """An applicant with an account that is open: whom nothing reaches is to be called."""
        return self.recipient.is_active and self.recipient.holds(Role.APPLICANT)

    def _new(self, channel: str, **fields) -> Delivery:
        return Delivery(notice=self.notice, channel=channel, queued_at=self.at, **fields)


def _message(delivery: Delivery) -> Message:
    notice, channel = delivery.notice, delivery.channel
    if channel == addresses.WEBHOOK:
        channel = f"{channel}:{notice.recipient.webhook.pk}"  # each is a system of its own
    return Message(
        channel=channel,
        key=addresses.key(delivery),
        subject=notice.application.number if notice.application else "",
        zone=notice.application.zone_id if notice.application else None,
        payload={"notice": notice.pk, "delivery": str(delivery.uid)},
        written_at=notice.created_at,
    )
