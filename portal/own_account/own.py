"""One's own account: what was proved, where one is logged in, what happened with it; changing each, and closing it."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from kernel.accounts import actions, real_names, second_step, service_site
from kernel.accounts.account_events import AccountEvent, record
from kernel.accounts.actions import PersonTaken, PhoneMoved
from kernel.accounts.models import AccountSession
from kernel.accounts.one_time_codes import Purpose
from kernel.accounts.proofs import Proof, proof_of
from kernel.accounts.real_names import Answer
from kernel.applicants.identity_forms import NameForm
from kernel.cases.actions import withdraw
from kernel.cases.actions.erase import drop_drafts, erase_all
from kernel.cases.models import Application, ThreadDraft
from kernel.cases.queries import first
from kernel.cases.retention import given_up
from kernel.core.moment import now
from kernel.core.privacy import blind_index
from kernel.core.rates import at_most
from kernel.form import flow
from portal.own_account import codes, data_copy
from portal.own_account.codes import Steps
from portal.own_account.forms import ChangePasswordForm, CloseForm, OwnPassword
from portal.own_account.joining import NOT_SHOWN

PHONE = Steps(
    Purpose.PHONE,
    gettext_lazy("Your mobile phone"),
    gettext_lazy("You log in with it, and messages about your case go to it."),
    "own-phone",
    "own-phone-code",
    "own-phone-proved",
)
NAME_AWAY = gettext_lazy(
    "The service that checks names can't be reached at the moment. Nothing was decided; try again in a few minutes."
)
EVENTS = 20  # shown, the latest


@login_required
@never_cache
def profile(request):
    user = request.user
    events, more = first(user.account_events.select_related("by"), EVENTS)
    shown = {"sessions": _sessions(request), "events": events, "more": more, "shown": EVENTS}
    if second_step.asked_of(user):
        shown |= {
            "app": second_step.authenticator(user),
            "passkeys": second_step.passkeys(user),
            "codes_left": second_step.codes_left(user),
        }
    if not user.is_staff_member:
        shown |= {"phone_is_proved": user.phone_proved_at, "name_is_proved": user.name_proved_at}
    return render(request, "own_account/profile.html", shown)


def _sessions(request) -> list[dict]:
    """Where the account is logged in, this browser first, then the latest."""
    at = timezone.now()
    rows = AccountSession.objects.filter(account_id=request.user.pk, expire_date__gt=at)
    sessions = []
    for row in rows:
        told = row.get_decoded()
        begun = told.get("begun")
        sessions.append(
            {
                "mark": _mark(row.session_key),
                "here": row.session_key == request.session.session_key,
                "begun": datetime.fromtimestamp(begun, timezone.get_default_timezone())
                if begun
                else None,
                "browser": told.get("browser", ""),
            }
        )
    return sorted(
        sessions, key=lambda session: (not session["here"], -(session["begun"] or at).timestamp())
    )


def _mark(key: str) -> str:
    """What stands for a session on the page: its key opens it, and stands in the cookie alone."""
    return blind_index(f"session:{key}")


@require_POST
@login_required
@never_cache
def end_sessions(request):
    """One, or all but this one."""
    mine, mark = request.session.session_key, request.POST.get("session")
    keys = AccountSession.objects.filter(account_id=request.user.pk).values_list("pk", flat=True)
    ended = [key for key in keys if key != mine and mark in (None, _mark(key))]
    count = actions.end_sessions(account=request.user, keys=ended)
    text = ngettext("%(n)s session was ended.", "%(n)s sessions were ended.", count)
    messages.success(request, text % {"n": count})
    return redirect("profile")


@sensitive_post_parameters("phone")
@login_required
@never_cache
def phone(request):
    if request.user.is_staff_member:
        return redirect("profile")
    return codes.ask_phone(request, PHONE, _bound(request), later="my")


@sensitive_post_parameters("code")
@login_required
@never_cache
def phone_code(request):
    return codes.ask_code(request, PHONE, _bound(request))


@login_required
@never_cache
def phone_proved(request):
    """Where the code leads: the phone is this account's from now on."""
    number = codes.proved(request, PHONE)
    if not number or request.user.is_staff_member:
        return redirect("own-phone")
    codes.forget(request, PHONE)
    try:
        actions.prove_phone(account=request.user, phone=number)
    except PhoneMoved as refused:
        messages.error(request, refused.sentence)
        return redirect("own-phone")
    messages.success(request, _("Your phone is proved. From now on you log in with it."))
    return redirect("profile")


def _bound(request) -> str:
    return f"account:{request.user.pk}"


@sensitive_post_parameters("real_name", "id_number")
@login_required
@never_cache
def name(request):
    """Who one is, for an account whose name isn't proved yet. A proved name is changed at the window."""
    user = request.user
    if user.is_staff_member or proof_of(user) is Proof.NAME:
        return redirect("profile")
    if user.phone_proved_at is None:
        messages.info(request, _("First prove your mobile phone, then your name."))
        return redirect("own-phone")
    typed = {"real_name": user.real_name, "id_number": user.id_number}
    form = NameForm(request.POST or None, initial=typed)
    if form.is_valid() and _proved(user, form):
        messages.success(request, _("Your name is proved. Everything is open to you now."))
        return redirect("profile")
    context = {"form": form, "site_offered": service_site.site().offered}
    return render(request, "own_account/name.html", context, status=422 if form.errors else 200)


def _proved(user, form) -> bool:
    data = form.cleaned_data
    answer = real_names.judge(data["real_name"], data["id_number"], user.phone)
    if answer is Answer.UNAVAILABLE:
        form.add_error(None, NAME_AWAY)
        return False
    try:
        if answer is Answer.MATCH:
            actions.prove_name(account=user, **data)
            return True
    except PersonTaken:
        pass  # the same words as for a pair that doesn't match: nobody learns whose account there is
    form.add_error(None, NOT_SHOWN)
    return False


@sensitive_post_parameters("present", "password", "password_again")
@login_required
@never_cache
def password(request):
    """For everybody, staff too. Every other session ends."""
    form = ChangePasswordForm(request.POST or None, request=request)
    if form.is_valid():
        mine = request.session.session_key
        actions.change_password(
            account=request.user, password=form.cleaned_data["password"], but=mine
        )
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your new password counts; all other sessions have ended."))
        return redirect("profile")
    return render(
        request, "own_account/password.html", {"form": form}, status=422 if form.errors else 200
    )


@at_most(10)
@sensitive_post_parameters("present")
@login_required
@never_cache
def data(request):
    """A copy of what is kept of oneself; the password first, since a browser left open must not give it away."""
    user = request.user
    if user.is_staff_member:
        return redirect("profile")
    form = OwnPassword(request.POST or None, request=request)
    if form.is_valid():
        archive = data_copy.archive(user)
        record(user, AccountEvent.Kind.COPY)
        name = f"{localdate(now()):%Y-%m-%d}.zip"
        return FileResponse(archive, as_attachment=True, filename=name)
    return render(
        request, "own_account/data.html", {"form": form}, status=422 if form.errors else 200
    )


@sensitive_post_parameters("present")
@login_required
@never_cache
def close(request):
    """Closing says before what is kept and what goes; a case that is under way is ended or handed over first."""
    user = request.user
    if user.is_staff_member:
        return redirect("profile")
    own = Application.objects.filter(applicant=user).defer("answers")
    running = list(own.filter(state__in=flow.RUNNING_STATES))
    form = CloseForm(None if running else request.POST or None, request=request)
    if form.is_valid():
        for draft in own.filter(state=flow.DRAFT):
            withdraw(actor=user, application_id=draft.pk)
        erase_all(given_up().filter(applicant=user))
        drop_drafts(ThreadDraft.objects.filter(author=user))
        actions.close_account(account=user)
        logout(request)
        messages.success(request, _("Your account is closed."))
        return redirect("home")
    context = {"form": form, "running": running}
    return render(request, "own_account/close.html", context, status=422 if form.errors else 200)
