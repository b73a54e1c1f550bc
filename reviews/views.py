"""Leaving a review: from one's own case, with a code, at a window or the kiosk, by the link of a text."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from kernel.accounts.models import Role, Window
from kernel.cases.access import access_application
from kernel.core import requested
from kernel.core.errors import Refused
from kernel.core.rates import at_most
from kernel.form.uploads import MOST_BYTES, takes_files
from kernel.papers.documents import qr
from reviews import addresses, parts
from reviews.actions import leave_review, leave_review_of_thing
from reviews.forms import CodeForm, CodeReviewForm, OwnReviewForm, ThingReviewForm
from reviews.models import Review
from reviews.moderation import REASONS

CODES_A_MINUTE = 20  # of one address: codes are long, and nobody types more


@never_cache
@at_most(CODES_A_MINUTE)
@takes_files(MOST_BYTES)
def leave(request):
    """With the review code of a completed case; the code travels in the form, never in an address."""
    form = CodeReviewForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        code = form.cleaned_data["code"]
        content = _content(form) | {"code": code, "way": Review.Way.CODE}
        if sent := _send(request, form, form.case, **content):
            return sent
    return render(request, "reviews/leave.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@never_cache
@takes_files(MOST_BYTES)
def leave_own(request, number):
    """From one's own case, once it is over, or of a department that closed or returned its part."""
    application = access_application(request.user, number)
    shown = _left_to_review(application)
    if application.applicant_id != request.user.pk or shown is None:
        raise Http404
    return _leave_of_case(request, application, shown, {})


@never_cache
@takes_files(MOST_BYTES)
def leave_opened(request, token):
    """What a code opened that was typed at a window or the kiosk."""
    found = addresses.read(token)
    if found is None:
        messages.error(request, _("This page was open for too long. Enter the code once more."))
        return redirect("reviews:leave")
    return _leave_found(request, found, {})


@never_cache
@takes_files(MOST_BYTES)
def leave_by_link(request, token):
    """The link of the text that somebody was sent once their case had ended."""
    found = addresses.read(token, Review.Way.TEXT)
    if found is None:
        messages.error(request, _("This link is no longer valid. You may use your review code."))
        return redirect("reviews:leave")
    return _leave_found(request, found, {"by_link": True})


@never_cache
@at_most(CODES_A_MINUTE)
def window(request, zone, number):
    """The page of the QR code at a window, and of the kiosk: it asks for a code, or to log in, so that every review is
    of something that was given."""
    place = get_object_or_404(Window.objects.select_related("zone"), zone__code=zone, number=number)
    return _by_code(request, place, Review.Way.WINDOW)


@never_cache
@at_most(CODES_A_MINUTE)
def by_code(request):
    """The same with no window: from a ticket's or a service's page, which send their code along, or at the kiosk."""
    return _by_code(request, None, Review.Way.CODE)


def _by_code(request, place: Window | None, way: str):
    kiosk = requested.has(request, "kiosk")
    form = CodeForm(request.POST or None)
    if form.is_valid() and form.opened is not None:
        number = place.number if place else None
        token = addresses.opened(form.opened, Review.Way.KIOSK if kiosk else way, number)
        to = reverse("reviews:opened", args=[token])
        return redirect(f"{to}?kiosk" if kiosk else to)
    context = {"form": form, "window": place, "kiosk": kiosk}
    return render(request, "reviews/window.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
def window_code(request, zone, number):
    """The QR code of a window, to be printed; for its zone's supervisors and administrators."""
    place = get_object_or_404(Window.objects.select_related("zone"), zone__code=zone, number=number)
    user = request.user
    if user.zone_id != place.zone_id or not user.holds(Role.SUPERVISOR, Role.ADMINISTRATOR):
        raise PermissionDenied
    address = request.build_absolute_uri(reverse("reviews:window", args=[zone, number]))
    windows = Window.objects.filter(zone=place.zone)
    context = {"window": place, "address": address, "code": qr(address), "windows": windows}
    return render(request, "reviews/window_code.html", context)


def _left_to_review(application) -> list[str] | None:
    """What may still be reviewed of a case; None where nothing of it ever could."""
    allowed = parts.reviewable_services(application)
    reviewed = set(application.reviews.filter(kind="").values_list("service", flat=True))
    return [service for service in allowed if service not in reviewed] if allowed else None


def _leave_found(request, found, who):
    who = who | {"way": found.way, "window": found.window}
    if found.application:
        shown = _left_to_review(found.application) or []
        return _leave_of_case(request, found.application, shown, who, named=False)
    known = request.user.is_authenticated and request.user.pk == found.thing.owner_id
    form = ThingReviewForm(request.POST or None, request.FILES or None, found.thing, known)
    if form.is_valid() and (sent := _send(request, form, found.thing, **_content(form), **who)):
        return sent
    context = {"form": form, "thing": found.thing, "kiosk": requested.has(request, "kiosk")}
    return render(request, "reviews/leave.html", context, status=422 if form.errors else 200)


def _leave_of_case(request, application, shown, who, named: bool = True):
    """`named`: the page says whose case it is; who came by a code or a link reads its number alone."""
    known = "by_link" in who or request.user.pk == application.applicant_id
    form = OwnReviewForm(request.POST or None, request.FILES or None, shown, known)
    if shown and form.is_valid():
        who = {"way": Review.Way.CASE, **who}
        if who["way"] in (Review.Way.WINDOW, Review.Way.KIOSK):
            who["code"] = application.review_code or ""
        if sent := _send(request, form, application, **_content(form), **who):
            return sent
    context = {
        "form": form,
        "application": application,
        "named": named,
        "nothing_left": not shown,
        "kiosk": requested.has(request, "kiosk"),
    }
    return render(request, "reviews/leave.html", context, status=422 if form.errors else 200)


def _content(form) -> dict:
    return {name: value for name, value in form.cleaned_data.items() if name != "code"}


def _send(request, form, found, **content):
    """The answer after a review was taken; None, with the sentence in the form, when it was refused."""
    actor = request.user if request.user.is_authenticated else None
    try:
        if hasattr(found, "given_at"):
            review = leave_review_of_thing(
                kind=found.kind, thing_id=found.uid, actor=actor, **content
            )
        else:
            review = leave_review(application_id=found.pk, actor=actor, **content)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    _thank(request, review)
    if review.reviewer_id and actor and review.is_bad:
        return redirect("reviews:mine", uid=review.uid)
    return redirect("reviews:results")


def _thank(request, review: Review) -> None:
    thanks = [_("Thank you. Your review is taken.")]
    if review.withheld:
        kept = _("Your words are kept from the department, since %(why)s; the review counts.")
        thanks.append(kept % {"why": REASONS[review.withheld]})
    if review.is_bad and review.can_be_contacted:
        days = review.zone.setting("review_contact_working_days")
        thanks.append(
            _("We will contact you within one working day.")
            if days == 1
            else _("We will contact you within %(days)s working days.") % {"days": days}
        )
    messages.success(request, " ".join(thanks))
