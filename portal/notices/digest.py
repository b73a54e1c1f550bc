"""What somebody of the staff needn't hear at once: alarms of cases that aren't in their hands, twice a day in one
message. Each case stands in it once, with the worst that is still so; what was settled meanwhile is left out."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localtime

from kernel.accounts.models import User, Zone
from kernel.cases.models import Application, Stage
from kernel.core import rows
from kernel.core.moment import now
from kernel.core.wake import wake
from kernel.form import flow
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
    stands = standing(recipient, {item.application_id for item in items})
    cases = by_case(item for item in items if (item.application_id, item.clock) in stands)
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


def standing(reader: User, cases: Collection[int]) -> set[tuple[int, str]]:
    """(case, clock) of what still runs in these cases and asks something of the reader: nothing of cases that they may
    not open any more, nor once their account is shut; of an officer, as long as the case is at their desk and in no
    colleague's hands."""
    open_to_them = Application.objects.for_user(reader if reader.is_active else AnonymousUser())
    owners = dict(open_to_them.filter(pk__in=cases).order_by().values_list("uid", "pk"))
    running = Clock.objects.filter(owner__in=owners, state=Clock.State.RUNNING)
    going = {(owners[owner], name) for owner, name in running.values_list("owner", "name")}
    if not reader.departments:
        return going
    stages = Stage.objects.at_desks(reader).filter(application__in=cases, state=flow.OPEN)
    free = stages.filter(Q(holder=None) | Q(holder=reader)).order_by()
    there = set(free.values_list("application", "department"))
    return {(case, clock) for case, clock in going if _is_theirs(clock, case, there)}


def _is_theirs(clock: str, case: int, there: set[tuple[int, str]]) -> bool:
    rule = flow.clocks().get(clock)
    return rule is None or any((case, desk) in there for desk in rule.covers)


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
    """Digests that nobody has read and in which nothing is left to do for their reader; returns how many."""
    unread = Notice.objects.filter(kind=KIND, read_at=None, settled_at=None)
    over = [notice.pk for notice in unread.select_related("recipient") if not _stands(notice)]
    return Notice.objects.filter(pk__in=over).update(settled_at=now())


def _stands(notice: Notice) -> bool:
    listed = {(case["case"], clock) for case in notice.params["cases"] for clock in case["clocks"]}
    return not listed.isdisjoint(standing(notice.recipient, {case for case, _clock in listed}))
