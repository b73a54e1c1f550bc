"""The only writers of the hall: each checks the right, changes, and appends an event in one transaction."""

from services.hall.actions.calling import (
    became,
    begin,
    call_again,
    call_next,
    come_back,
    end,
    miss,
)
from services.hall.actions.day import empty_phones, end_days, follow_all
from services.hall.actions.kiosks import give_link, set_up, take_away
from services.hall.actions.tickets import arrive, cancel, take
from services.hall.actions.windows import close_window, open_window, pause_window

__all__ = [
    "arrive",
    "became",
    "begin",
    "call_again",
    "call_next",
    "cancel",
    "close_window",
    "come_back",
    "empty_phones",
    "end",
    "end_days",
    "follow_all",
    "give_link",
    "miss",
    "open_window",
    "pause_window",
    "set_up",
    "take",
    "take_away",
]
