"""Who is at which window: opened, paused and closed by whoever calls there."""

from collections.abc import Collection

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from kernel.accounts.models import Role, User, Window
from kernel.accounts.turns import one_at_a_time
from kernel.core.errors import NotAllowed, Refused
from kernel.core.moment import now
from services.hall import lanes, windows
from services.hall.models import WindowSession

State = WindowSession.State


@transaction.atomic
def open_window(*, actor: User, window: Window, letters: Collection[str] = ()) -> WindowSession:
    """The actor calls here from now on, for these lanes (all that the window may call, where none is named).

    Raises Refused where a colleague has somebody in hand there, and where the actor has at another window; that one is
    closed otherwise."""
    one_at_a_time(actor.pk)  # at one window only
    window = locked_window(window, actor)
    offered = lanes.of_window(window.department)
    chosen = tuple(letter for letter in offered if letter in (letters or offered))
    if not chosen:
        raise Refused(_("Choose at least one lane that this window calls."))
    before = windows.newest(window)
    if before and before.state != State.CLOSED and before.by_id != actor.pk:
        _refuse_busy(window)
    for other in windows.of_person(actor):
        if other.window_id != window.pk:
            _refuse_busy(other.window)
            _say(other.window, State.CLOSED, actor)
    return _say(window, State.OPEN, actor, chosen)


@transaction.atomic
def pause_window(*, actor: User, window: Window) -> WindowSession:
    """Nobody is called for a while; whoever is in hand stays there."""
    window = locked_window(window, actor)
    before = _own(window, actor)
    return _say(window, State.PAUSED, actor, before.lanes)


@transaction.atomic
def close_window(*, actor: User, window: Window) -> WindowSession:
    """Raises Refused while somebody is in hand."""
    window = locked_window(window, actor)
    _own(window, actor)
    _refuse_busy(window)
    return _say(window, State.CLOSED, actor)


def may_call(user) -> bool:
    """Officers of any desk and helpers call in the hall of their zone."""
    return bool(user.is_authenticated and user.zone_id and (user.desks or user.holds(Role.HELPER)))


def locked_window(window: Window, actor: User) -> Window:
    """Nobody else opens, closes or calls there meanwhile. Raises NotAllowed at another zone's window, and for who works
    at no desk."""
    if not may_call(actor) or window.zone_id != actor.zone_id:
        raise NotAllowed
    rows = Window.objects.select_related("zone").select_for_update(of=("self",), no_key=True)
    return rows.get(pk=window.pk)


def own_window(actor: User) -> WindowSession:
    """The newest word on the window at which the actor is. Raises Refused where they are at none."""
    at = next(iter(windows.of_person(actor)), None)
    if at is None:
        raise Refused(_("You are at no window: open one first."))
    return at


def _own(window: Window, actor: User) -> WindowSession:
    before = windows.newest(window)
    if before is None or before.state == State.CLOSED or before.by_id != actor.pk:
        raise Refused(_("Somebody else is at this window, or it isn't open. Open it first."))
    return before


def _refuse_busy(window: Window) -> None:
    if ticket := windows.in_hand(window):
        facts = {"window": window, "ticket": ticket.label}
        raise Refused(_("%(window)s has %(ticket)s in hand: end that first.") % facts)


def _say(window: Window, state: str, actor: User, letters: Collection[str] = ()) -> WindowSession:
    at = now()
    return WindowSession.objects.create(
        window=window, day=localdate(at), state=state, lanes=tuple(letters), by=actor, at=at
    )
