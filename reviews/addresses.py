"""Addresses by which somebody reviews without logging in: nobody can make one up, and each opens one thing.

A code that was typed at a window opens its thing for two hours; the link of a text opens its case for 60 days.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core import signing

from kernel.cases import reviewable
from kernel.cases.models import Application
from kernel.cases.reviewable import Reviewable

OPENED, ASKED = (
    "reviews.opened",
    "reviews.asked",
)  # salts: an address of one kind is none of the other
LASTS = timedelta(hours=2)
ASKED_LASTS = timedelta(days=60)


@dataclass(frozen=True)
class Opened:
    """What an address opens: a case or another thing; how its writer came, and at which window."""

    application: Application | None
    thing: Reviewable | None
    way: str
    window: int | None = None


def opened(found: Application | Reviewable, way: str, window: int | None) -> str:
    """The part of an address that opens what a code stood for."""
    if isinstance(found, Reviewable):
        content = {"kind": found.kind, "uid": str(found.uid)}
    else:
        content = {"case": str(found.uid)}
    return signing.dumps({**content, "way": way, "window": window}, salt=OPENED)


def asked(application: Application) -> str:
    """The part of an address that the applicant of a case is sent."""
    return signing.dumps({"case": str(application.uid)}, salt=ASKED)


def read(token: str, way: str = "") -> Opened | None:
    """What such a part opens; None for one that was made up, is over, or whose thing is gone. With `way` it is the link
    of a text."""
    salt, lasts = (ASKED, ASKED_LASTS) if way else (OPENED, LASTS)
    try:
        content = signing.loads(token, salt=salt, max_age=lasts)
    except signing.BadSignature:
        return None
    way, window = way or content["way"], content.get("window")
    if "case" in content:
        application = Application.objects.filter(uid=content["case"]).first()
        return Opened(application, None, way, window) if application else None
    thing = reviewable.of_uid(content["kind"], UUID(content["uid"]))
    return Opened(None, thing, way, window) if thing else None
