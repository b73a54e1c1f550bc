"""Logging in with the province's service site, and proving one's name by it. For applicants alone: whoever comes back
from the site is an applicant's account, whatever else they are.

What a log-in began with lies in the session until it comes back, once and for ten minutes; several tabs may try.
"""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kernel.accounts import actions, service_site
from kernel.accounts.actions import PersonTaken
from kernel.accounts.models import User
from kernel.accounts.proofs import Right, allows
from kernel.accounts.service_site import Asked, NotTaken, Person, SiteAway
from kernel.applicants.identity_forms import NameForm
from kernel.core import requested
from kernel.core.errors import Refused
from portal.own_account.joining import log_in

BEGUN = "service_site"  # in the session: state → what that log-in began with
LASTS, MOST = 10 * 60, 5  # seconds; how many may be under way in one browser
THEIR_FAULT = ("server_error", "temporarily_unavailable")

DECLINED = gettext_lazy(
    "The province's service site didn't log you in, or you said no there. Nothing was changed. Try again, or log in "
    "with your phone and password."
)
UNREADABLE = gettext_lazy(
    "The name or ID number that the province's service site has of you can't be used here. Register with your phone "
    "and your resident ID number, or come to the window with your identity card."
)
ANOTHER_PERSON = gettext_lazy(
    "The province's service site says that you are somebody else than this account's holder. Nothing was changed. Log "
    "out here first, if you want to log in as that person."
)
HAS_ACCOUNT = gettext_lazy(
    "You have another account already, which has proved your name. Log out, then log in with the province's service "
    "site: it opens that one."
)
NOT_OPENED = gettext_lazy(
    "Your account can't be opened this way. Come to the window with your identity card."
)


class AnswerForm(forms.Form):
    """With what the browser comes back from the site."""

    state = forms.CharField(max_length=100)
    code = forms.CharField(required=False, max_length=2000)
    error = forms.CharField(required=False, max_length=200)


@require_safe
@never_cache
def begin(request):
    """To the site. Raises Http404 where none is offered."""
    if not service_site.site().offered:
        raise Http404
    if request.user.is_authenticated and request.user.is_staff_member:
        return redirect("work")
    onward = requested.onward(request)
    try:
        back = request.build_absolute_uri(reverse("site-answer"))
        asked, address = service_site.begin(back)
    except SiteAway as refused:
        return _back(request, onward, refused.sentence)
    begun = {"asked": list(asked), "next": onward, "at": timezone.now().timestamp()}
    earlier = list(request.session.get(BEGUN, {}).items())[1 - MOST :]
    request.session[BEGUN] = dict(earlier) | {asked.state: begun}
    return HttpResponseRedirect(address)


@require_safe
@never_cache
def answer(request):
    """Back from the site. Whatever went wrong is said on the log-in page, which still knows where one wanted to go."""
    if request.user.is_authenticated and request.user.is_staff_member:
        return redirect("work")
    form = AnswerForm(request.GET)
    begun = _taken(request, form)
    if begun is None and request.user.is_authenticated:
        return redirect("work")  # the page was loaded again
    onward = begun["next"] if begun else ""
    try:
        user = _account(request, _person(form, begun))
    except Refused as refused:
        return _back(request, onward, refused.sentence)
    _log_in(request, user)
    return redirect(onward or "work")


def _back(request, onward: str, sentence) -> HttpResponse:
    messages.error(request, sentence)
    if request.user.is_authenticated:
        return redirect("profile")
    query = f"?{urlencode({'next': onward})}" if onward else ""
    return redirect(reverse("login") + query)


def _taken(request, form: AnswerForm) -> dict | None:
    """What the log-in with this state began with, in this browser, not long ago; it counts once."""
    under_way = request.session.get(BEGUN, {})
    if not form.is_valid() or form.cleaned_data["state"] not in under_way:
        return None
    begun = under_way.pop(form.cleaned_data["state"])
    request.session[BEGUN] = under_way
    return begun if timezone.now().timestamp() - begun["at"] < LASTS else None


def _person(form: AnswerForm, begun: dict | None) -> Person:
    """Raises Refused."""
    if begun is None:
        raise NotTaken
    if error := form.cleaned_data["error"]:
        raise SiteAway if error in THEIR_FAULT else Refused(DECLINED)
    return service_site.identify(form.cleaned_data["code"], Asked(*begun["asked"]))


def _account(request, person: Person) -> User:
    """Of who is logged in, their own account, whose name is proved with it; else the one that holds the person, or a
    new one. Raises Refused."""
    form = NameForm(person._asdict())
    if not form.is_valid():
        raise Refused(UNREADABLE)
    told, own = form.cleaned_data, request.user
    if not own.is_authenticated:
        try:
            return actions.open_by_site(**told)
        except PersonTaken as error:
            raise Refused(NOT_OPENED) from error
    if allows(own, Right.LOG_IN_BY_SITE):
        if own.id_number != told["id_number"]:
            raise Refused(ANOTHER_PERSON)
        return own
    try:
        actions.prove_name(account=own, **told)
    except PersonTaken as error:
        raise Refused(HAS_ACCOUNT) from error
    messages.success(request, _("Your name is proved. Everything is open to you now."))
    return own


def _log_in(request, user: User) -> None:
    if user.last_login is None:
        messages.success(request, _("Your account is open. You can begin your filing."))
    if request.user.is_authenticated:
        request.session.cycle_key()  # Django does it for who wasn't logged in
    log_in(request, user)
