"""The only writers of services: each checks the right, makes the change, and records the event in one transaction.
What can't be done raises `kernel.core.errors.Refused` with a sentence. Lock order is request, then case or diary, then
booking."""

from services.booked.actions.asking import Wish, ask_service
from services.booked.actions.changing import MOVABLE, cancel_service, move_service
from services.booked.actions.deciding import agree, assign, drop_session, open_session, refuse
from services.booked.actions.giving import arrive, finish, miss
from services.booked.actions.looking import look
from services.booked.actions.sweeping import (
    drop_past,
    end_helping,
    erase,
    give_priority,
    make_follow_ups,
    tell_late,
)

__all__ = [
    "MOVABLE",
    "Wish",
    "agree",
    "arrive",
    "ask_service",
    "assign",
    "cancel_service",
    "drop_past",
    "drop_session",
    "end_helping",
    "erase",
    "finish",
    "give_priority",
    "look",
    "make_follow_ups",
    "miss",
    "move_service",
    "open_session",
    "refuse",
    "tell_late",
]
