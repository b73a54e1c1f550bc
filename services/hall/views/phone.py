"""A ticket on one's own phone: taken by the code at the door, looked at, given up. Works without scripts."""

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel.core.certain import certain
from kernel.core.errors import Refused
from kernel.core.moment import now
from kernel.core.privacy import mask_phone
from kernel.core.rates import at_most
from kernel.core.typed import compact
from services.hall import actions, lanes, line, words
from services.hall.actions.calling import back_until
from services.hall.board import Board
from services.hall.forms import TakeForm
from services.hall.lanes import LANES
from services.hall.models import IN_HAND, LIVE, State, Ticket
from services.hall.opening import gives_tickets, opening
from services.hall.views.board import zone_of
from services.hall.views.pressed import page_of

DAY = 24 * 60 * 60  # seconds
IN_LINE_UP = 2  # tickets at the windows that a phone names before one's own


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@at_most(20)
def take(request: HttpRequest) -> HttpResponse:
    """One live ticket a browser and an account: who has one is led to it."""
    zone = zone_of(request)
    if mine := _own(request):
        return redirect("hall:ticket", mine.code)
    hall = opening(zone)
    closed = "" if gives_tickets(zone, hall) else words.closed_until(hall)
    form = TakeForm(request.POST if request.method == "POST" else None)
    by_phone = zone.setting("hall_by_phone")
    if by_phone and not closed and request.method == "POST" and form.is_valid():
        if made := _taken(request, zone, form):
            return made
    context = {
        "form": form,
        "hall_zone": zone,
        "closed": closed,
        "by_phone": by_phone,
        "lanes": Board(zone).lanes,
    }
    return render(request, "hall/take.html", context)


def _own(request: HttpRequest) -> Ticket | None:
    """The live ticket of this browser, or of who is logged in."""
    code = request.COOKIES.get(settings.TICKET_COOKIE_NAME, "")
    mine = Q(code=code) if code else Q(pk__in=())
    if request.user.is_authenticated:
        mine |= Q(account=request.user)
    return Ticket.objects.filter(mine, state__in=LIVE, day=localdate(now())).first()


def _taken(request: HttpRequest, zone, form: TakeForm) -> HttpResponse | None:
    account = request.user if request.user.is_authenticated else None
    try:
        ticket = actions.take(
            zone=zone,
            way=Ticket.Way.PHONE,
            account=account,
            actor=account,
            uid=page_of(request),
            **form.cleaned_data,
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return None
    response = redirect("hall:ticket", ticket.code)
    response.set_cookie(
        settings.TICKET_COOKIE_NAME,
        ticket.code,
        max_age=DAY,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


@require_safe
@never_cache
@at_most(120)
def ticket(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "hall/ticket.html", facts(_of_code(code)))


@require_safe
@never_cache
@at_most(120)
def fragment(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "hall/_ticket.html", facts(_of_code(code)))


@require_POST
@never_cache
@at_most(20)
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    shown = _of_code(code)
    try:
        actions.cancel(ticket=shown)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("hall:ticket", shown.code)


def _of_code(code: str) -> Ticket:
    """Raises Http404: who guesses learns nothing."""
    found = Ticket.objects.filter(code=compact(code)).select_related("zone", "window").first()
    if found is None:
        raise Http404
    return found


def facts(shown: Ticket) -> dict:
    """All that a ticket's page says."""
    at, board = now(), Board(shown.zone)
    before = line.before(shown, at) if shown.state == State.WAITING else []
    lane = LANES[shown.lane]
    return {
        "ticket": shown,
        "lane": lane,
        "is_live": shown.is_live and shown.day == localdate(at),
        "before": len(before),
        "minutes": _minutes(board, shown, len(before)),
        "line_up": _line_up(board, shown, before),
        "masked": mask_phone(shown.phone) if shown.phone else "",
        "back_minutes": shown.zone.setting("hall_back_minutes"),
        "back_until": _back(shown, at),
        "opens": words.when(certain(board.hall.opens_at)) if board.hall.why else "",
        "hall": board.hall,
        "opening_lane": lanes.OPENING,
        "hall_zone": shown.zone,
    }


def _minutes(board: Board, shown: Ticket, before: int) -> int | None:
    if shown.state != State.WAITING:
        return None
    minutes = board.minutes(LANES[shown.lane], before, shown.department)
    if minutes is None or shown.due_at is None:
        return minutes
    left = int((shown.due_at - board.at).total_seconds() // 60)
    return max(minutes, left, 0)


def _line_up(board: Board, shown: Ticket, before: list[Ticket]) -> list[tuple[Ticket, str]]:
    """Four segments: the last that are at a window, the one right before, and one's own."""
    same = [row for row in board.calls if row.lane == shown.lane and row.state in IN_HAND]
    at_windows = [(row, "in") for row in reversed(same[:IN_LINE_UP]) if row.pk != shown.pk]
    right_before = [(row, "") for row in before[-1:]]
    return [*at_windows, *right_before, (shown, "me")]


def _back(shown: Ticket, at) -> str:
    """Until when who missed the call is still served first; empty where that is over."""
    if shown.state != State.NO_SHOW or shown.returned_at or at > back_until(shown):
        return ""
    return words.hour(back_until(shown))
