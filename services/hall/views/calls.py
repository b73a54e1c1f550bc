"""Calling at a window: for officers, representatives and helpers, by key alone."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from kernel.accounts.models import Role, User, Window
from kernel.accounts.requests import PersonRequest
from kernel.core.certain import certain
from kernel.core.errors import Refused
from kernel.core.moment import now
from kernel.core.ui import links
from services.hall import actions, lanes, windows, words
from services.hall import line as lines
from services.hall.actions.calling import ENDINGS, back_until
from services.hall.actions.windows import may_call
from services.hall.models import How, State, Ticket, WindowSession

LISTED = 30  # tickets beside the one in hand
NEXT, BEGIN, AGAIN, MISSED = "J", "K", "Z", "W"
PAUSE, CLOSE, OPEN = "P", "Q", "J"
END_KEYS = {How.CASE: "C", How.SERVICE: "V", How.ANSWERED: "D", How.LEFT: "L"}


def at_a_window(view: Callable) -> Callable:
    """For who calls in the hall of their zone."""

    @never_cache
    @login_required
    @wraps(view)
    def guarded(request, **parts):
        if not may_call(request.user):
            raise PermissionDenied
        return view(request, **parts)

    return guarded


@require_GET
@at_a_window
def calls(request: PersonRequest) -> HttpResponse:
    return render(request, "hall/calls.html", _page(request.user))


@require_GET
@never_cache
def line(request: PersonRequest) -> HttpResponse:
    """What waits, for refreshing it; without a log-in the page is left as it is."""
    if not request.user.is_authenticated:
        return HttpResponse(status=204, headers={"HX-Trigger": "session-over"})
    if not may_call(request.user):
        raise PermissionDenied
    return render(request, "hall/_calls_line.html", _page(request.user))


@require_POST
@at_a_window
def call_next(request: PersonRequest) -> HttpResponse:
    def call():
        if actions.call_next(actor=request.user) is None:
            messages.info(request, _("Nobody is waiting for this window."))

    return _done(request, call)


@require_POST
@at_a_window
def window(request: PersonRequest) -> HttpResponse:
    """Open, pause or close a window."""
    row = Window.objects.filter(
        zone=request.user.zone, number=_number(request.POST.get("window", ""))
    ).first()
    if row is None:
        messages.error(request, _("Choose a window."))
        return redirect("hall:calls")
    actor, step = request.user, request.POST.get("step")
    if step == "pause":
        return _done(request, lambda: actions.pause_window(actor=actor, window=row))
    if step == "close":
        return _done(request, lambda: actions.close_window(actor=actor, window=row))
    letters = request.POST.getlist("lanes")
    return _done(request, lambda: actions.open_window(actor=actor, window=row, letters=letters))


@require_POST
@at_a_window
def step(request: PersonRequest, uid, step: str) -> HttpResponse:
    """A step of one ticket of the officer's zone."""
    ticket = get_object_or_404(Ticket, uid=uid, zone=request.user.zone)
    actor = request.user
    deeds: dict[str, Callable[[], object]] = {
        "again": lambda: actions.call_again(actor=actor, ticket=ticket),
        "begin": lambda: actions.begin(actor=actor, ticket=ticket),
        "missed": lambda: actions.miss(actor=actor, ticket=ticket),
        "back": lambda: actions.come_back(actor=actor, ticket=ticket),
        "end": lambda: actions.end(actor=actor, ticket=ticket, how=request.POST.get("how", "")),
    }
    if step not in deeds:
        raise Http404
    return _done(request, deeds[step])


def _done(request: PersonRequest, deed: Callable[[], object]) -> HttpResponse:
    try:
        deed()
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("hall:calls")


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 0


def _page(user: User) -> dict:
    at = now()
    mine = next(iter(windows.of_person(user)), None)
    if mine is None:
        return {"windows": _choices(user), "mine": None}
    ticket, window = windows.in_hand(mine.window), mine.window
    waiting = lines.waiting_for(certain(user.zone), mine.lanes, window.department, at)
    acts, note = _acts(mine, ticket)
    today = Ticket.objects.filter(zone=user.zone, day=localdate(at))
    return {
        "mine": mine,
        "ticket": ticket,
        "ground": lanes.GROUNDS.get(ticket.ground, "") if ticket else "",
        "lane": lanes.LANES[ticket.lane] if ticket else None,
        "waiting": waiting[:LISTED],
        "more": len(waiting) > LISTED,
        "in_line": len(waiting),
        "missed": [row for row in today.filter(state=State.NO_SHOW) if _may_come(row, at)],
        "acts": acts,
        "note": note,
        "paused": mine.state == WindowSession.State.PAUSED,
        "open_filing": _open_filing(ticket),
    }


def _may_come(ticket: Ticket, at) -> bool:
    return ticket.returned_at is None and at <= back_until(ticket)


def _choices(user: User) -> list[dict]:
    """The windows that somebody may open: their own, then those where nobody is; of the departments at whose desks they
    work, a helper any."""
    known = windows.of_zone(certain(user.zone))
    rows = certain(user.zone).windows.order_by("number")
    choices = [
        {
            "window": row,
            "lanes": [lanes.LANES[letter] for letter in lanes.of_window(row.department)],
            "own": row.pk == user.window_id,
            "by": _held_by(known.get(row.pk)),
        }
        for row in rows
        if user.holds(Role.HELPER) or row.department in user.desks
    ]
    return sorted(choices, key=lambda row: (not row["own"], row["by"] is not None))


def _held_by(row: WindowSession | None):
    return row.by if row and not windows.is_closed(row) else None


def _acts(mine: WindowSession, ticket: Ticket | None) -> tuple[list[dict], str]:
    """The keys of the moment, and the sentence under them. Every key stays on the page of its step."""
    if ticket is None:
        return _between(mine)
    if ticket.state == State.CALLED:
        once = ticket.called_again_at is None
        return [
            _act(_("Begin"), BEGIN, ticket, "begin", primary=True),
            _act(_("Call again"), AGAIN, ticket, "again"),
            _act(_("Didn't come"), MISSED, ticket, "missed", disabled=once),
        ], _missed_from(ticket)
    ends = [
        _act(label, END_KEYS[how], ticket, "end", name="how", value=how.value)
        for how, label in (
            (How.CASE, _("Became a case")),
            (How.SERVICE, _("Became a service")),
            (How.ANSWERED, _("Answered")),
            (How.LEFT, _("Left")),
        )
        if how in ENDINGS
    ]
    suits = How(ticket.became_kind) if ticket.became_kind in END_KEYS else How.ANSWERED
    for act in ends:
        act["primary"] = act["value"] == suits
    return ends, _("The ticket ends with what it became.")


def _between(mine: WindowSession) -> tuple[list[dict], str]:
    window = {"name": "step", "form": "window", "url": reverse("hall:calls-window")}
    close = window | {"label": _("Close the window"), "key": CLOSE, "value": "close"}
    if mine.state == WindowSession.State.PAUSED:
        again = window | {"label": _("Go on calling"), "key": OPEN, "value": "open"}
        return [again | {"primary": True}, close], _("Nobody is called while the window is paused.")
    following = {
        "label": _("Call the next one"),
        "key": NEXT,
        "form": "call",
        "url": reverse("hall:call-next"),
        "primary": True,
    }
    pause = window | {"label": _("Pause"), "key": PAUSE, "value": "pause"}
    return [following, pause, close], ""


def _act(label: str, key: str, ticket: Ticket, step: str, **options) -> dict:
    url = reverse("hall:call-step", args=[ticket.uid, step])
    return {"label": label, "key": key, "form": "call", "url": url, **options}


def _missed_from(ticket: Ticket) -> str:
    """Why nobody can be said not to have come yet; empty where they can."""
    if ticket.called_again_at is None:
        return _("Call again before you record that nobody came.")
    minutes = ticket.zone.setting("hall_no_show_minutes")
    free_from = ticket.called_again_at + timedelta(minutes=minutes)
    if now() < free_from:
        return _("From %(time)s on you can record that nobody came.") % {
            "time": words.hour(free_from)
        }
    return ""


def _open_filing(ticket: Ticket | None) -> str:
    """Where a filing is opened for who is at the window; "" where nobody has such a page."""
    address = links.link("counter_open")
    return f"{address}?ticket={ticket.code}" if address and ticket else ""
