"""The board of the waiting room: open to everybody, of one zone, and no names on it."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kernel.accounts.models import Zone
from kernel.core import requested
from services.hall import words
from services.hall.board import Board
from services.hall.lanes import BOOKED, LANES
from services.hall.models import Ticket

SPOKEN = (settings.LANGUAGE_CODE, "en")


def zone_of(request: HttpRequest) -> Zone:
    """The zone that the address asks for, else the first."""
    zones = list(Zone.objects.order_by("pk"))
    code = requested.text(request, "zone")
    found = next((zone for zone in zones if zone.code == code), next(iter(zones), None))
    if found is None:
        raise Http404
    return found


@require_safe
@never_cache
def board(request: HttpRequest) -> HttpResponse:
    return render(request, "hall/board.html", _facts(zone_of(request)))


@require_safe
@never_cache
def fragment(request: HttpRequest) -> HttpResponse:
    return render(request, "hall/_board.html", _facts(zone_of(request)))


def _facts(zone: Zone) -> dict:
    shown = Board(zone)
    call = shown.call
    return {
        "hall_zone": zone,
        "back_minutes": zone.setting("hall_back_minutes"),
        "board": shown,
        "call": call,
        "call_for": _purpose(call) if call else "",
        "recent": [(ticket, _purpose(ticket)) for ticket in shown.recent],
        "ahead": [(ticket, _purpose(ticket)) for ticket in shown.ahead]
        if not call and shown.hall.is_lunch
        else [],
        "opens": words.when(shown.hall.opens_at) if shown.hall.opens_at else "",
        "booked": shown.lane(LANES[BOOKED]),
        "spoken": [_spoken(call, language) for language in SPOKEN] if call else [],
        "call_key": f"{call.pk}:{call.shown_at.timestamp()}" if call and call.shown_at else "",
    }


def _purpose(ticket: Ticket) -> str:
    """What it is for: its lane, or the department that receives who booked."""
    return str(ticket.get_department_display() or LANES[ticket.lane].short)


def _spoken(call: Ticket, language: str) -> tuple[str, str]:
    """What the browser says of a call: the language, and the sentence in it."""
    with translation.override(language):
        sentence = _("Ticket %(letter)s %(digits)s, please come to window %(window)s.") % {
            "letter": call.lane,
            "digits": " ".join(f"{call.number:03d}"),
            "window": call.window.number if call.window else "",
        }
    return ("zh-CN" if language.startswith("zh") else "en-GB"), sentence
