"""Daily roots over the trail of a zone: made, signed, and checked.

A chain alone can't show that a case is gone, or that its end was cut off together with the head. So once a day the
heads of all chains that moved are hashed into one Merkle root, which is signed with the zone's key, published and sent
outside. Only a worker has that key. A removed or rewritten chain then differs from its leaf, a rewritten leaf from
its root, a rewritten root from its signature, and a removed root from the number that is published.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef
from django.utils.timezone import localtime

from kernel.accounts.models import Zone
from kernel.cases import trail_outside
from kernel.cases.models import Application, Event, TrailLeaf, TrailRoot
from kernel.core.moment import now
from kernel.papers import certificate_authority, certificates, keys

BATCH = 5000  # leaves written or read at once
SETTLES = timedelta(minutes=10)  # after midnight: what was still being written then is in the root
OVERLAP = 2  # roots: events are looked for from the last but one on, as keys aren't given in the order of commits


class AlreadySealed(Exception):
    """The zone has roots, so what lacks a key was not there when it was sealed."""


class NotYetSealed(Exception):
    """The zone has no root and events from before there was a key: only an opening root lets them be without one."""


def make_due() -> int:
    """The root of yesterday for each zone that has none and had a case by then; returns how many were made. Raises
    NoCertificate or NotYetSealed, after all zones had their turn, where one has no key or waits for its opening root.
    """
    made, day = 0, (localtime(now()) - SETTLES).date() - timedelta(days=1)
    failed: Exception | None = None
    by_then = Event.objects.filter(application__zone=OuterRef("pk"), at__date__lte=day)
    for zone in Zone.objects.filter(Exists(by_then)).exclude(trail_roots__day__gte=day):
        try:
            made += make(zone, day) is not None
        except (certificates.NoCertificate, NotYetSealed) as error:
            failed = error
    if failed:
        raise failed
    return made


@transaction.atomic
def make(zone: Zone, day: date, opening: bool = False) -> TrailRoot | None:
    """Hash, sign and store the heads of the chains that moved since the root before; None where none ever did.

    Whoever makes the same root at the same time meets the constraint. Raises NoCertificate, AlreadySealed for a second
    opening, and NotYetSealed where that must come first.
    """
    before = list(TrailRoot.objects.filter(zone=zone).order_by("-number")[:OVERLAP])
    if opening and before:
        raise AlreadySealed(zone.code)
    events = Event.objects.filter(application__zone=zone)
    if not before and not opening and events.filter(sealed_with="").exists():
        raise NotYetSealed(f"{zone.code}: seal_trail was not run")
    since = before[-1].last_event if len(before) == OVERLAP else 0
    last = Event.objects.aggregate(last=Max("pk"))["last"] or 0
    leaves = _heads(zone, since, before)
    if not leaves and not before:
        return None
    root = TrailRoot(
        zone=zone,
        number=before[0].number + 1 if before else 1,
        day=day,
        opening=opening,
        cases=len(leaves),
        root=merkle_root(map(leaf_hash, leaves)),
        previous=digest(before[0]) if before else "",
        last_event=last,
        made_at=now(),
    )
    if settings.DEMO:
        certificate_authority.make_for_demo(zone.code, zone.authority_name)
    root.signature = keys.sign(zone.code, signed_text(root).encode()).hex()
    root.save(force_insert=True)
    for leaf in leaves:
        leaf.root = root
    TrailLeaf.objects.bulk_create(leaves, batch_size=BATCH)
    trail_outside.send(root)
    return root


def _heads(zone: Zone, since: int, before: list[TrailRoot]) -> list[TrailLeaf]:
    """Of the chains that have an event after `since` and are longer than the roots before say."""
    moved = Event.objects.filter(pk__gt=since, application__zone=zone).values("application")
    sealed = TrailLeaf.objects.filter(
        root__in=before, case=OuterRef("pk"), length=OuterRef("trail_length")
    )
    heads = Application.objects.filter(~Exists(sealed), pk__in=moved).order_by("pk")
    rows = heads.values_list("pk", "trail_length", "trail_head")
    return [TrailLeaf(case=case, length=length, head=head) for case, length, head in rows]


def leaf_hash(leaf: TrailLeaf) -> bytes:
    return hashlib.sha256(f"\0{leaf.case}:{leaf.length}:{leaf.head}".encode()).digest()


def merkle_root(leaves: Iterable[bytes]) -> str:
    """As 64 hex digits. Two neighbours make one of the level above, and one that is left goes up as it is; leaves and
    inner nodes begin differently, so that one can't be taken for the other (RFC 6962)."""
    level: Sequence[bytes] = list(leaves)
    if not level:
        return hashlib.sha256().hexdigest()
    while len(level) > 1:
        pairs = [level[place : place + 2] for place in range(0, len(level), 2)]
        level = [hashlib.sha256(b"\1" + b"".join(p)).digest() if p[1:] else p[0] for p in pairs]
    return level[0].hex()


def signed_text(root: TrailRoot) -> str:
    """What the zone's key signs, line by line."""
    lines = (
        "trail root",
        f"zone: {root.zone.code}",
        f"number: {root.number}",
        f"day: {root.day:%Y-%m-%d}",
        f"opening: {'yes' if root.opening else 'no'}",
        f"cases: {root.cases}",
        f"root: {root.root}",
        f"previous: {root.previous}",
    )
    return "\n".join(lines) + "\n"


def digest(root: TrailRoot) -> str:
    return hashlib.sha256(f"{signed_text(root)}{root.signature}".encode()).hexdigest()


def faults(zone: Zone) -> Iterator[str]:
    """What is wrong with the roots of a zone, and with what they sealed, in plain English for an auditor."""
    trusted = certificates.certificates(zone.code) if zone.trail_roots.exists() else []
    previous = ""
    for place, root in enumerate(zone.trail_roots.select_related("zone").order_by("number"), 1):
        if root.number != place:
            yield f"root {place} is missing"
            return
        signature = bytes.fromhex(root.signature)
        if root.previous != previous or not certificates.signed_by(
            trusted, signed_text(root).encode(), signature
        ):
            yield f"root {place} ({root.day}) was changed"
        leaves = root.leaves.order_by("case").iterator(BATCH)
        if merkle_root(map(leaf_hash, leaves)) != root.root:
            yield f"what root {place} ({root.day}) was made of was changed"
        previous = digest(root)
    yield from _broken(zone)


def _broken(zone: Zone) -> Iterator[str]:
    """The cases whose chain isn't any more what a root sealed, each with the first such day."""
    text = """SELECT leaf."case", MIN(root.day)
        FROM cases_trailleaf leaf JOIN cases_trailroot root ON root.id = leaf.root_id
        LEFT JOIN cases_event e ON e.application_id = leaf."case" AND e.seq = leaf.length
        WHERE root.zone_id = %s AND leaf.length > 0 AND (e.hash IS NULL OR e.hash <> leaf.head)
        GROUP BY leaf."case" ORDER BY 1"""
    with connection.cursor() as cursor:
        cursor.execute(text, [zone.pk])
        days = dict(cursor.fetchall())
    cases = Application.objects.defer("answers").in_bulk(days)
    for key, day in days.items():
        if case := cases.get(key):
            yield f"{case.number}: isn't what was sealed on {day}; events were changed or removed"
        else:
            yield f"case {key} was removed; it was sealed on {day}"
