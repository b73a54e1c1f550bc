"""Reporting reviews, and the repair of bad ones, to the province's review system. A deployment names its adapter.

What is reported is what the scheme counts: service, level, themes, way and moment, and whether and when it was
repaired. No words, no name, no number of a case.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Protocol

from kernel.core import sandbox
from kernel.core.adapters import Adapter
from kernel.core.outbox.models import Message, post
from reviews.models import Review

SYSTEM = "province_reviews"  # its name in ADAPTERS, of the channel and in the sandbox


class Province(Protocol):
    def report(self, review: dict, key: str) -> None:
        """Report a review, or its repair. Called after the commit, and perhaps again, by the same `key` then. Raises
        whatever went wrong."""


class Sandbox:
    """Shows on the page of the sandbox what the province would have been told; away or slow as that page says."""

    def report(self, review: dict, key: str) -> None:
        sandbox.behave(SYSTEM)
        sandbox.show(SYSTEM, {**review, "key": key})


system: Adapter[Province] = Adapter(SYSTEM, Sandbox)


def tell(review: Review, at: datetime) -> None:
    """Have the province told of a review, once this transaction is committed."""
    _post(review, "review", at)


def tell_of_repair(review: Review, at: datetime) -> None:
    """Have it told that a bad one is closed, after the same."""
    _post(review, "repair", at)


def _post(review: Review, what: str, at: datetime) -> None:
    key = f"{SYSTEM}:{what}:{review.uid}"
    payload = {"review": review.pk, "what": what}
    post(
        [
            Message(
                channel=SYSTEM,
                key=key,
                subject=review.number,
                zone=review.zone_id,
                payload=payload,
                written_at=at,
            )
        ]
    )


def report(message: Message) -> Callable | None:
    """What tells it; see `kernel.core.outbox`. None for a review that isn't there any more."""
    review = Review.objects.select_related("zone").filter(pk=message.payload["review"]).first()
    if review is None:
        return None
    facts = repair_facts(review) if message.payload["what"] == "repair" else review_facts(review)
    return partial(system().report, facts, key=message.key)


def review_facts(review: Review) -> dict:
    return {
        "what": "review",
        "review": str(review.uid),
        "region": review.zone.region_code,
        "kind": review.kind or "case",
        "service": review.service,
        "level": review.level,
        "themes": list(review.tags),
        "way": review.way,
        "given_at": review.created_at.isoformat(),
    }


def repair_facts(review: Review) -> dict:
    repair = review.follow_up.repair
    return {
        "what": "repair",
        "review": str(review.uid),
        "region": review.zone.region_code,
        "contacted_at": _iso(review.follow_up.contacted_at),
        "repaired_at": _iso(repair.submitted_at),
        "cause": repair.cause,
        "answer": repair.answer,
        "level_after": repair.level_after,
        "closed_at": _iso(repair.closed_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
