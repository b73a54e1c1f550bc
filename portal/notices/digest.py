"""What somebody of the staff needn't hear at once: alarms of cases that aren't in their hands, twice a day in one
message. Each case stands in it once, with the worst that is still so; what was settled meanwhile is left out."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.fields.json import KeyTextTransform
from django.utils.timezone import localtime

from kernel.accounts.models import User, Zone
from kernel.cases.models import Application
from kernel.core import rows
from kernel.core.moment import now
from kernel.core.wake import wake
from kernel.sla.models import Clock
from portal.notices.models import DigestItem, Notice
from portal.notices.sending_out import SEND_OUT

KIND = "digest"
BATCH = 2000  # alarms of one person in one digest; more come with the next step


def moment_before(zone: Zone, at: datetime) -> datetime:
    """The last moment of the zone's `digest_times` at or before `at`."""
    times = sorted(zone.setting("digest_times"))
    here = localtime(at)
    for days in (0, 1):
        day = here - timedelta(days=days)
        for text in reversed(times):
            hour, minute = map(int, text.split(":"))
            moment = day.replace(hour=hour, minute=minute, second=0, microsecond=0)
            if moment <= here:
                return moment
    raise ValueError("The zone has no times of digests.")


def send() -> int:
    """Tell everybody what waited for the digest whose moment has come; returns how many were told."""
    told = 0
    for zone in Zone.objects.all():
        moment = moment_before(zone, now())
        waiting = DigestItem.objects.filter(recipient__zone=zone, created_at__lt=moment)
        people = User.objects.filter(pk__in=waiting.order_by().values("recipient"))
        told += sum(_tell(recipient, moment) for recipient in people)
    return told


@transaction.atomic
def _tell(recipient: User, moment: datetime) -> bool:
    """One digest: of two workers the second finds its alarms gone. False where nothing of it is so any more.

    Its key is made of its first alarm, not of the moment: what is seen late, or too much for one, makes another.
    """
    waiting = DigestItem.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        recipient=recipient, created_at__lt=moment
    )
    items = list(waiting.select_related("application__zone").defer("application__answers")[:BATCH])
    cases = by_case(standing(readable(recipient, items)))
    if cases:
        notice = Notice(
            recipient=recipient,
            kind=KIND,
            params={"cases": cases},
            created_at=now(),
            channels_at=now(),
            idempotency_key=f"digest:{items[0].idempotency_key}",
        )
        rows.insert([notice], met_by=("idempotency_key",), changing=("idempotency_key",))
        wake(SEND_OUT)
    DigestItem.objects.filter(pk__in=[item.pk for item in items]).delete()
    return bool(cases)


def readable(recipient: User, items: list[DigestItem]) -> list[DigestItem]:
    """Those of cases that the recipient may still open: none once their account is shut, and none of a zone or a desk
    that they have left."""
    if not recipient.is_active:
        return []
    cases = Application.objects.for_user(recipient).filter(
        pk__in=[item.application_id for item in items]
    )
    theirs = set(cases.values_list("pk", flat=True))
    return [item for item in items if item.application_id in theirs]


def standing(items: list[DigestItem]) -> list[DigestItem]:
    """Those whose clock still goes: nothing is said of settled alarms."""
    owners = {item.application.uid for item in items}
    going = set(
        Clock.objects.filter(owner__in=owners, state=Clock.State.RUNNING).values_list(
            "owner", "name"
        )
    )
    return [item for item in items if (item.application.uid, item.clock) in going]


def by_case(items: Iterable[DigestItem]) -> list[dict]:
    """Each case once, the late ones first: its key and number, and its clocks, of each the worst that is so."""
    clocks: dict[int, dict[str, str]] = defaultdict(dict)
    numbers: dict[int, str] = {}
    for item in items:
        numbers[item.application_id] = item.application.number
        known = clocks[item.application_id]
        known[item.clock] = max(known.get(item.clock, ""), item.kind, key=_weight)
    cases = [
        {
            "case": pk,
            "number": numbers[pk],
            "late": "breached" in known.values(),
            "clocks": sorted(name for name, kind in known.items() if _counts(kind, known)),
        }
        for pk, known in clocks.items()
    ]
    return sorted(cases, key=lambda case: (not case["late"], case["number"]))


def _weight(kind: str) -> int:
    return ("", "warned", "breached").index(kind)


def _counts(kind: str, known: dict[str, str]) -> bool:
    """Of a case that is late, the clocks that are."""
    return kind == "breached" or "breached" not in known.values()


def settle() -> int:
    """Alarms that nobody has read and that are settled meanwhile: they count as unread no more."""
    stopped = Clock.objects.filter(
        owner=OuterRef("application__uid"), name=OuterRef("clock"), state=Clock.State.STOPPED
    )
    unread = Notice.objects.filter(kind__in=("warned", "breached"), read_at=None, settled_at=None)
    over = unread.annotate(clock=KeyTextTransform("clock", "params")).filter(Exists(stopped))
    return over.update(settled_at=now())
