"""The ticket machine: large keys, no keyboard, no scripts. Each answer takes the screen back to its start by itself."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel.accounts import tries
from kernel.bookings.models import Booking
from kernel.core import requested
from kernel.core.errors import Refused
from kernel.core.moment import now
from kernel.core.rates import at_most
from kernel.form.codes import mobile_check
from kernel.papers.documents import qr
from services.hall import actions, card_readers, holdings, lanes, words
from services.hall.actions.kiosks import of_secret
from services.hall.board import Board
from services.hall.lanes import LANES, WALK_IN
from services.hall.models import Kiosk, Ticket
from services.hall.opening import gives_tickets
from services.hall.views.phone import facts
from services.hall.views.pressed import page_of

IDLE = 60  # seconds after which the screen is the next person's
PAPER = 20
FRESH = "fresh"  # in the address: whoever was here has gone
LONGEST = 20  # digits
WRONG, WINDOW = 10, 600  # numbers that fit nothing, within so many seconds
SALT = "services.hall.kiosk"


class MachineRequest(HttpRequest):
    kiosk: Kiosk


def of_machine(view: Callable) -> Callable:
    """For a ticket machine that was set up, and nobody else."""

    @never_cache
    @wraps(view)
    def guarded(request, **parts):
        request.kiosk = of_secret(request.COOKIES.get(settings.KIOSK_COOKIE_NAME, ""))
        if request.kiosk is None:
            return render(request, "hall/kiosk_refused.html", status=403)
        response = view(request, **parts)
        response.headers.setdefault("Refresh", f"{IDLE};url={reverse('hall:kiosk')}?{FRESH}")
        return response

    return guarded


@require_safe
@at_most(120)
@of_machine
def start(request: MachineRequest) -> HttpResponse:
    if requested.has(request, FRESH):
        return _forgotten(redirect("hall:kiosk"))
    board = Board(request.kiosk.zone)
    closed = "" if gives_tickets(board.zone, board.hall) else words.closed_until(board.hall)
    rows = [(LANES[letter], _state(board, letter)) for letter in LANES]
    return _page(request, "hall/kiosk.html", rows=rows, closed=closed, board=board)


def _state(board: Board, letter: str):
    return None if LANES[letter].booked else board.lane(LANES[letter])


def _forgotten(response: HttpResponse) -> HttpResponse:
    """The next person begins in the language and size of the installation."""
    for name in (settings.LANGUAGE_COOKIE_NAME, settings.SIZE_COOKIE_NAME):
        response.delete_cookie(name)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@at_most(60)
@of_machine
def lane(request: MachineRequest, lane: str) -> HttpResponse:
    """One lane: whether somebody goes first, and whether they want a text."""
    if lane not in WALK_IN:
        raise Http404
    if request.method == "POST":
        return _given(request, lane, request.POST.get("ground", ""), "")
    return _lane(request, lane)


def _lane(request: MachineRequest, letter: str, error: str = "") -> HttpResponse:
    context = {"lane": LANES[letter], "grounds": lanes.GROUNDS.items(), "error": error}
    return _page(request, "hall/kiosk_lane.html", **context)


def _given(request: MachineRequest, letter: str, ground: str, phone: str) -> HttpResponse:
    try:
        ticket = actions.take(
            zone=request.kiosk.zone,
            lane=letter,
            way=Ticket.Way.KIOSK,
            ground=ground,
            phone=phone,
            uid=page_of(request),
        )
    except Refused as refused:
        return _lane(request, letter, str(refused))
    return redirect("hall:kiosk-paper", ticket.code)


@require_POST
@at_most(120)
@of_machine
def with_phone(request: MachineRequest, lane: str) -> HttpResponse:
    """A phone, digit by digit, for one text."""
    if lane not in WALK_IN:
        raise Http404
    ground, typed = request.POST.get("ground", ""), _typed(request)
    error = ""
    if request.POST.get("key") == "done":
        verdict = mobile_check(typed)
        if verdict.ok:
            return _given(request, lane, ground, verdict.value)
        error = f"{verdict.sentence} {verdict.remedy}"
    return _pad(
        request,
        title=_("Your mobile phone"),
        note=_(
            "For one text when the one before you is called, and for nothing else. It is deleted the next day at the "
            "latest."
        ),
        typed=typed,
        error=error,
        ground=ground,
        lane=lane,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@at_most(120)
@of_machine
def appointment(request: MachineRequest) -> HttpResponse:
    """Who booked: by the number of the booking, digit by digit, or by one that the card has found."""
    if token := request.POST.get("booking"):
        if booking := _opened(request, token):
            return _arrived(request, booking)
        return _page(
            request,
            "hall/kiosk_card.html",
            error=_(
                "This appointment is over, or was cancelled or moved. Choose what you need on the first page."
            ),
        )
    typed, error = _typed(request), ""
    if request.POST.get("key") == "done":
        key = f"kiosk:{request.kiosk.pk}"
        if tries.counted(key) >= WRONG:
            error = _("Too many numbers that fit nothing. Please ask at window 1.")
        elif booking := holdings.of_number(request.kiosk.zone, typed):
            return _arrived(request, booking)
        else:
            tries.count((key, WINDOW))
            error = _(
                "There is no appointment of today with this number. Check it, or choose what you need on the first "
                "page."
            )
    return _pad(
        request,
        title=_("Number of your appointment or case"),
        note=_("Only its digits; the last six will do."),
        typed=typed,
        error=error,
    )


@require_POST
@at_most(30)
@of_machine
def card(request: MachineRequest) -> HttpResponse:
    """What is kept for whoever laid their identity card on the reader. No name is shown."""
    number = card_readers.read(request.kiosk)
    if not number:
        sentence = (
            _("The reader doesn't answer. Please choose what you need on the first page.")
            if number is None
            else _("No card lies on the reader. Lay it flat and press again.")
        )
        return _page(request, "hall/kiosk_card.html", error=sentence)
    there = holdings.of_card(request.kiosk.zone, number)
    bookings = [(booking, _sealed(request, booking)) for booking in there.bookings]
    return _page(request, "hall/kiosk_card.html", there=there, bookings=bookings)


def _sealed(request: MachineRequest, booking: Booking) -> str:
    return signing.dumps([request.kiosk.pk, str(booking.uid)], salt=SALT)


def _opened(request: MachineRequest, token: str) -> Booking | None:
    """The booking that this machine has shown a moment ago; None where it was cancelled or met meanwhile."""
    try:
        machine, uid = signing.loads(token, salt=SALT, max_age=IDLE * 2)
    except signing.BadSignature as error:
        raise Http404 from error
    if machine != request.kiosk.pk:
        raise Http404
    return holdings.of_uid(request.kiosk.zone, uid)


def _arrived(request: MachineRequest, booking: Booking) -> HttpResponse:
    try:
        ticket = actions.arrive(booking=booking, way=Ticket.Way.KIOSK)
    except Refused as refused:
        return _page(request, "hall/kiosk_card.html", error=str(refused))
    return redirect("hall:kiosk-paper", ticket.code)


@require_safe
@at_most(60)
@of_machine
def paper(request: MachineRequest, code: str) -> HttpResponse:
    """The ticket as it is printed."""
    ticket = (
        Ticket.objects.filter(code=code, zone=request.kiosk.zone).select_related("zone").first()
    )
    if ticket is None:
        raise Http404
    address = f"{settings.SITE_ADDRESS}{reverse('hall:ticket', args=[ticket.code])}"
    response = _page(request, "hall/kiosk_paper.html", **facts(ticket), qr=qr(address))
    response.headers["Refresh"] = f"{PAPER};url={reverse('hall:kiosk')}?{FRESH}"
    return response


def _typed(request: HttpRequest) -> str:
    """The digits so far, with the key that was pressed."""
    typed = "".join(char for char in request.POST.get("typed", "") if char in "0123456789")
    key = request.POST.get("key", "")
    if key == "back":
        return typed[:-1]
    if key == "clear":
        return ""
    return typed + key if len(key) == 1 and key in "0123456789" and len(typed) < LONGEST else typed


def _pad(request: MachineRequest, **context) -> HttpResponse:
    return _page(request, "hall/kiosk_pad.html", digits="123456789", **context)


def _page(request: MachineRequest, template: str, **context) -> HttpResponse:
    known = {"kiosk": request.kiosk, "hall_zone": request.kiosk.zone, "at": now()}
    return render(request, template, known | context)
