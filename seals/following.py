"""What became of the parcels that are on their way: the carriers' system is asked every so often, and never believed
twice."""

from datetime import timedelta

from django.db.models import F, Q

from kernel.core.errors import Refused
from kernel.core.external_systems import ask
from kernel.core.moment import now
from seals import carriers, handing_over
from seals.models import Parcel

EVERY = timedelta(minutes=30)
BATCH = 50  # parcels of one round


def follow() -> int:
    """Ask for the parcels whose turn it is, those first that were never asked for; returns how many have ended."""
    at, ended = now(), 0
    due = Parcel.objects.filter(
        Q(asked_at=None) | Q(asked_at__lte=at - EVERY), state=Parcel.State.SENT
    )
    for parcel in due.order_by(F("asked_at").asc(nulls_first=True), "pk")[:BATCH]:
        mine = Parcel.objects.filter(pk=parcel.pk, asked_at=parcel.asked_at, state=parcel.state)
        if mine.update(asked_at=at):  # else another worker asks
            ended += _asked(parcel)
    return ended


def _asked(parcel: Parcel) -> bool:
    seen = ask(carriers.CHANNEL, _track, parcel.carrier, parcel.tracking_number, parcel.sent_at)
    if seen is None or seen.state not in handing_over.ENDS:
        return False
    try:
        handing_over.see_end(
            application_id=parcel.order_id, parcel=parcel.attempt, outcome=seen.state, at=seen.at
        )
    except Refused:  # somebody has said it meanwhile
        return False
    return True


def _track(*parcel) -> carriers.Seen | None:
    """None for one that the carrier doesn't know (yet): its system answers, so nothing is wrong with that."""
    try:
        return carriers.system().track(*parcel)
    except carriers.UnknownParcel:
        return None
