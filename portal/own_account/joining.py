"""Registering, and getting back in: a code to the phone, then name and ID number at the gateway.

Who knows somebody's name and number, or has their old phone number, learns nothing here: a pair that doesn't match and
one that another account has proved get the same words.
"""

from django.contrib import messages
from django.contrib.auth import login
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from kernel.accounts import actions, log_in_records, real_names
from kernel.accounts.actions import PersonTaken, PhoneMoved
from kernel.accounts.addresses import client_address
from kernel.accounts.log_in_names import account_named
from kernel.accounts.models import User
from kernel.accounts.one_time_codes import Purpose
from kernel.accounts.proofs import Right, allows
from kernel.accounts.real_names import Answer
from kernel.core.privacy import blind_index
from portal.own_account import codes
from portal.own_account.codes import Steps
from portal.own_account.forms import RecoverForm, RegisterForm

BACKEND = "kernel.accounts.backends.PhoneOrNameBackend"
NOT_SHOWN = gettext_lazy(
    "With this phone, name and ID number we could not make sure that it is you. Check all three. If they are right, "
    "come to the window with your identity card."
)
TOO_MANY = gettext_lazy(
    "That was tried too often with this code. Begin anew with a new one, or come to the window with your identity card."
)
AWAY = gettext_lazy(
    "The service that checks names can't be reached at the moment, so nothing was decided and nothing of yours is "
    "wrong. Try again in a few minutes; your code stays good for half an hour."
)
REGISTER = Steps(
    Purpose.REGISTER,
    gettext_lazy("Register"),
    gettext_lazy("Once, with your real name. All your cases are then in one place."),
    "register",
    "register-code",
    "register-name",
)
RECOVER = Steps(
    Purpose.RECOVER,
    gettext_lazy("Forgotten password"),
    gettext_lazy("With your phone, your name and your ID number you set a new one."),
    "recover",
    "recover-code",
    "recover-name",
)


@sensitive_post_parameters("phone")
@never_cache
def register(request):
    return redirect("work") if request.user.is_authenticated else codes.ask_phone(request, REGISTER)


@sensitive_post_parameters("code")
@never_cache
def register_code(request):
    return codes.ask_code(request, REGISTER)


@sensitive_post_parameters("password", "password_again", "real_name", "id_number")
@never_cache
def register_name(request):
    """The last page: who one is, and a password."""
    phone = codes.proved(request, REGISTER)
    if not phone or request.user.is_authenticated:
        return redirect("register")
    form = RegisterForm(request.POST or None, phone=phone)
    if form.is_valid() and (user := _registered(request, form, phone)):
        codes.forget(request, REGISTER)
        log_in(request, user)
        return redirect("work")
    context = {"form": form, "steps": REGISTER, "phone": phone}
    return render(request, "own_account/register.html", context, status=422 if form.errors else 200)


def log_in(request, user: User) -> None:
    """By another proof than the password, which the back end would have kept the log-in of."""
    login(request, user, backend=BACKEND)
    log_in_records.record(user, client_address(request), was_right=True)


def _registered(request, form, phone) -> User | None:
    """The account; None, with the sentence in the form, where it isn't certain who that is. With the gateway away it is
    opened all the same, and the name proved later."""
    data = form.cleaned_data
    if not codes.may_try(request, REGISTER):
        return _wrong(form, TOO_MANY)
    answer = real_names.judge(data["real_name"], data["id_number"], phone)
    if answer is Answer.MISMATCH:
        return _wrong(form, NOT_SHOWN)
    if answer is Answer.MATCH and (own := _account(phone, data["id_number"])):
        actions.recover(account=own, password=data["password"])
        messages.success(
            request, _("You had an account already: it is open again, with the new password.")
        )
        return own
    try:
        user = actions.register_applicant(
            real_name=data["real_name"],
            phone=phone,
            id_number=data["id_number"],
            password=data["password"],
            name_is_proved=answer is Answer.MATCH,
        )
    except PersonTaken:
        return _wrong(form, NOT_SHOWN)
    except PhoneMoved as refused:
        return _wrong(form, refused.sentence)
    if answer is Answer.MATCH:
        messages.success(request, _("Your account is open. You can begin your filing."))
    else:
        messages.warning(
            request,
            _(
                "Your account is open, but the service that checks names can't be reached at the moment. You can begin "
                "your filing; before you submit it, prove your name on the page “Your account”."
            ),
        )
    return user


@sensitive_post_parameters("phone")
@never_cache
def recover(request):
    return (
        redirect("profile") if request.user.is_authenticated else codes.ask_phone(request, RECOVER)
    )


@sensitive_post_parameters("code")
@never_cache
def recover_code(request):
    return codes.ask_code(request, RECOVER)


@sensitive_post_parameters("password", "password_again", "real_name", "id_number")
@never_cache
def recover_name(request):
    """Never by the phone alone: whoever has the number now need not be who had it."""
    phone = codes.proved(request, RECOVER)
    if not phone or request.user.is_authenticated:
        return redirect("recover")
    form = RecoverForm(request.POST or None, phone=phone)
    if form.is_valid() and (account := _found(request, form, phone)):
        actions.recover(account=account, password=form.cleaned_data["password"])
        codes.forget(request, RECOVER)
        messages.success(
            request,
            _(
                "Your new password counts from now on, and every session of before has ended. Log in."
            ),
        )
        return redirect("login")
    context = {"form": form, "steps": RECOVER, "phone": phone}
    return render(request, "own_account/recover.html", context, status=422 if form.errors else 200)


def _found(request, form, phone) -> User | None:
    data = form.cleaned_data
    if not codes.may_try(request, RECOVER):
        return _wrong(form, TOO_MANY)
    answer = real_names.judge(data["real_name"], data["id_number"], phone)
    if answer is Answer.UNAVAILABLE:
        return _wrong(form, AWAY)
    account = _account(phone, data["id_number"])
    if answer is Answer.MISMATCH or account is None:
        return _wrong(form, NOT_SHOWN)
    return account


def _account(phone: str, id_number: str) -> User | None:
    """The open account that has proved both."""
    account = account_named(phone)
    same = account is not None and account.id_index == blind_index(id_number)
    return account if same and account.is_active and allows(account, Right.RECOVER) else None


def _wrong(form, sentence) -> None:
    form.add_error(None, sentence)
