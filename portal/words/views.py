"""A zone's own words: the list of all places, and each with what is said now, a draft, and the versions of before. Who
works for the zone may read them, its administrator changes them, and the operator reads those of each zone."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kernel.accounts import proposing, second_step
from kernel.accounts.models import Zone
from kernel.core.errors import Incomplete, Refused
from kernel.zone_words import actions, checking, places
from kernel.zone_words.places import Place
from portal.words import reading
from portal.words.forms import AskForm, WordsForm


def of_zone(view):
    """A page of a zone, for who works there or is the operator; nobody else is told that it is there."""

    @wraps(view)
    def guarded(request, zone, **more):
        found = get_object_or_404(Zone, code=zone)
        user = request.user
        if not (user.is_operator or (user.is_staff_member and user.zone_id == found.pk)):
            raise Http404
        return view(request, found, **more)

    return never_cache(login_required(guarded))


def of_place(view):
    @wraps(view)
    def guarded(request, zone, place):
        found = places.place(zone, place)
        if found is None:
            raise Http404
        return view(request, zone, found)

    return of_zone(guarded)


def administrators_only(view):
    """Steps of the zone's administrator; the actions hold it too."""

    @wraps(view)
    def guarded(request, zone, place):
        if not _may(request, zone):
            raise Http404
        return view(request, zone, place)

    return guarded


@require_GET
@never_cache
@login_required
def own(request):
    """The words of one's own zone; the operator chooses a zone."""
    user = request.user
    if user.is_operator:
        return render(request, "words/zones.html", {"zones": Zone.objects.order_by("pk")})
    if not user.is_staff_member or user.zone is None:
        raise Http404
    return redirect("words:list", user.zone.code)


@require_GET
@of_zone
def listing(request, zone):
    """What people are told, by the kind of notice."""
    context = {"own_zone": zone, **reading.told(zone), "may_write": _may(request, zone)}
    return render(request, "words/list.html", context)


@require_GET
@of_zone
def answers(request, zone):
    """The usual answers of each department."""
    context = {
        "own_zone": zone,
        "desks": reading.answers(zone),
        "may_write": _may(request, zone),
    }
    return render(request, "words/answers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@of_place
def show(request, zone, place):
    """A place; its administrator keeps a draft here."""
    if request.method != "POST":
        return _page(request, zone, place)
    if not _may(request, zone):
        raise Http404
    form = WordsForm(request.POST, place=place)
    if form.is_valid():
        try:
            actions.keep_draft(
                actor=request.user,
                zone=zone,
                place=place.code,
                says=form.cleaned_data["says"],
                words=form.words,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The draft is kept. Nobody is told by it yet."))
            return redirect(f"{_address(zone, place)}#draft")
    return _page(request, zone, place, form=form, status=422)


@require_POST
@of_place
@administrators_only
def discard(request, zone, place):
    try:
        actions.discard_draft(actor=request.user, zone=zone, place=place.code)
    except Refused as refused:
        return _page(request, zone, place, refused=refused, status=422)
    messages.success(request, _("The draft is discarded."))
    return redirect(_address(zone, place))


@require_POST
@of_place
@administrators_only
def ask(request, zone, place):
    form = AskForm(request.POST)
    if not form.is_valid():
        return _page(request, zone, place, ask_form=form, status=422)
    try:
        second_step.require_fresh_for_two(request)
        actions.ask_to_use(actor=request.user, zone=zone, place=place.code, **form.cleaned_data)
    except Refused as refused:
        return _page(request, zone, place, ask_form=form, refused=refused, status=422)
    messages.success(
        request, _("It waits for a second person. Once they agree, these words are used.")
    )
    return redirect(_address(zone, place))


def _address(zone: Zone, place: Place) -> str:
    return reverse("words:place", args=[zone.code, place.code])


def _page(request, zone, place, form=None, ask_form=None, refused=None, status=200):
    look = reading.look(zone, place)
    waiting = proposing.waiting(actions.USE, actions.subject(zone.pk, place.code))
    context = {
        **reading.shown(zone, look),
        "own_zone": zone,
        "place": place,
        "look": look,
        "may_write": _may(request, zone),
        "list_url": reverse(f"words:{place_list(place)}", args=[zone.code]),
        "waiting": waiting,
        "may_read_waiting": waiting and _may_read(request.user, waiting),
        "most_parts": checking.MOST_PARTS,
        "form": form or WordsForm(place=place, initial=reading.begun(zone, look)),
        "ask_form": ask_form or AskForm(),
        "errors": _sentences(refused),
    }
    return render(request, "words/place.html", context, status=status)


def _may_read(user, waiting) -> bool:
    return proposing.of_reader(user).filter(pk=waiting.pk).exists()


def place_list(place: Place) -> str:
    """The name of the list on which it stands."""
    return "answers" if place.may_be_left_out else "list"


def _may(request, zone: Zone) -> bool:
    return actions.may_write(request.user, zone)


def _sentences(refused: Refused | None) -> list[dict[str, str]]:
    if refused is None:
        return []
    problems = refused.problems if isinstance(refused, Incomplete) else []
    texts = [str(text) for text, _fields in problems] or [str(refused)]
    return [{"target": "", "text": text} for text in texts]
