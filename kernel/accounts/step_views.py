"""The pages of the second step: give a code, set up an app, keep the recovery codes."""

import segno
from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from kernel.accounts import powerful, second_step
from kernel.accounts.brakes import is_password
from kernel.accounts.models import User
from kernel.accounts.requests import PersonRequest
from kernel.core import requested
from kernel.core.errors import Refused
from kernel.core.ui import links


class CodeForm(forms.Form):
    """`verify` is called with the code and says whether it is right."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}
        ),
        error_messages={"required": gettext_lazy("Enter the code")},
    )

    def __init__(self, *args, user, verify, wrong, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.verify, self.wrong = user, verify, wrong

    def clean_code(self):
        code = self.cleaned_data["code"]
        if left := second_step.wait(self.user):
            raise forms.ValidationError(_too_soon(left))
        if not self.verify(code):
            raise forms.ValidationError(self.wrong)
        return code


def _too_soon(seconds: int) -> str:
    text = ngettext(
        "That was wrong several times. Wait %(n)s second, then enter a new code.",
        "That was wrong several times. Wait %(n)s seconds, then enter a new code.",
        seconds,
    )
    return text % {"n": seconds}


@sensitive_post_parameters("code")
@login_required
@never_cache
def give_code(request: PersonRequest) -> HttpResponse:
    """After the password: the code of the app, or a recovery code."""
    if not second_step.owed(request.user):
        return redirect("work")
    onward = _onward(request)
    if not second_step.is_enrolled(request.user):
        return redirect("second-step-set-up")
    form = CodeForm(
        request.POST or None,
        user=request.user,
        verify=lambda code: second_step.check(request, code),
        wrong=_(
            "This code is not right, or it was used already. Wait for the next one in your app and enter that."
        ),
    )
    if form.is_valid():
        if (left := second_step.codes_left(request.user)) < FEW:
            messages.warning(request, _few(left))
        return redirect(onward)
    context = {"form": form, "next": onward, "passkeys": second_step.passkeys(request.user)}
    return render(request, "accounts/second_step.html", context, status=422 if form.errors else 200)


BACKEND = "kernel.accounts.backends.PhoneOrNameBackend"
FEW = 4  # recovery codes left, of which people are told


def _few(left: int) -> str:
    text = ngettext(
        "You have %(n)s recovery code left. Make new ones on the page of your account.",
        "You have %(n)s recovery codes left. Make new ones on the page of your account.",
        left,
    )
    return text % {"n": left}


@sensitive_post_parameters("code")
@login_required
@never_cache
def set_up(request: PersonRequest) -> HttpResponse:
    """Scan the QR code, enter the first code; then the recovery codes, once. Also for changing to another phone."""
    user = request.user
    if not second_step.asked_of(user):
        return redirect(links.link("own_account"))
    enrolled = second_step.is_enrolled(user)
    if second_step.owed(user) and enrolled:
        return redirect("second-step")  # who has a device shows it before adding another
    if not second_step.may_set_up(request):
        return _once_more(request) if enrolled else _by_link_alone(request)
    made: list[str] = []

    def verify(code: str) -> bool:
        made.extend(second_step.set_up(request, code))
        return bool(made)

    form = CodeForm(
        request.POST or None,
        user=user,
        verify=verify,
        wrong=_(
            "This code does not belong to the picture below. Scan it again and enter what your app shows."
        ),
    )
    if form.is_valid():
        return render(request, "accounts/recovery_codes.html", {"codes": made})
    device = second_step.being_set_up(user)
    code = segno.make(device.address(_("Company opening portal")), error="m")
    picture = code.svg_data_uri(scale=5, border=4, light="white")  # on a dark page, too
    groups = [device.secret[start : start + 4] for start in range(0, len(device.secret), 4)]
    context = {"form": form, "picture": picture, "secret": " ".join(groups)}
    return render(
        request, "accounts/second_step_set_up.html", context, status=422 if form.errors else 200
    )


def _by_link_alone(request: PersonRequest, opened: bool = False) -> HttpResponse:
    return render(request, "accounts/enrolment.html", {"opened": opened}, status=403)


@sensitive_post_parameters("new_password1", "new_password2")
@never_cache
def enrol(request: PersonRequest, token: str) -> HttpResponse:
    """The administrator's link: to choosing a password, where there is none yet, and to the first device, after the
    log-in with the password."""
    link = second_step.opened_link(token)
    if link and link.sets_password and link.user.is_active:
        return _choose_password(request, link.user, token)
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    if not second_step.asked_of(request.user):
        return redirect(links.link("own_account"))
    if second_step.is_enrolled(request.user):
        return redirect("second-step")
    if not second_step.enrol(request, token):
        return _by_link_alone(request, opened=True)
    return redirect("second-step-set-up")


class NewPasswordForm(SetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].error_messages["required"] = _("Enter a password")
        self.fields["new_password2"].error_messages["required"] = _("Enter the password once more")


def _choose_password(request: PersonRequest, person: User, token: str) -> HttpResponse:
    """Nobody but its holder: who is logged in with another account is not."""
    if request.user.is_authenticated and request.user.pk != person.pk:
        return render(request, "accounts/link_of_another.html", {"person": person}, status=403)
    form = NewPasswordForm(person, request.POST or None)
    if form.is_valid():
        try:
            powerful.set_by_link(account=person, password=form.cleaned_data["new_password1"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            person.refresh_from_db()
            login(request, person, backend=BACKEND)
            second_step.enrol(request, token)
            messages.success(request, _("Your password is set."))
            return redirect("second-step-set-up" if second_step.asked_of(person) else "work")
    context = {"form": form, "person": person}
    status = 422 if form.errors else 200
    return render(request, "accounts/choose_password.html", context, status=status)


@require_POST
@login_required
@never_cache
def remove_passkey(request: PersonRequest, pk: int) -> HttpResponse:
    """Take one's passkey out of use; the last device stays."""
    profile = links.link("own_account")
    if not second_step.is_fresh(request):
        return _once_more(request, back=profile)
    if second_step.remove_passkey(request.user, pk):
        messages.success(request, _("The passkey counts no more."))
    else:
        messages.error(request, _("This is your last device. Set up another one first."))
    return redirect(profile)


@login_required
@never_cache
def recovery_codes(request: PersonRequest) -> HttpResponse:
    """New recovery codes in place of the old; a press makes them, and password and code stand before it."""
    if not second_step.asked_of(request.user):
        return redirect(links.link("own_account"))
    if not second_step.is_fresh(request):
        return _once_more(request)
    if request.method != "POST":
        return render(request, "accounts/new_recovery_codes.html")
    return render(
        request, "accounts/recovery_codes.html", {"codes": second_step.renew_codes(request.user)}
    )


class OnceMoreForm(CodeForm):
    """Who has a session in hand must know the password and hold the phone as well."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": gettext_lazy("Enter your password")},
    )
    field_order = ["password", "code"]

    def clean_password(self):
        try:
            right = is_password(self.user, self.cleaned_data["password"])
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from refused
        if not right:
            raise forms.ValidationError(_("This is not your password. Type it again."))
        return self.cleaned_data["password"]

    def clean_code(self):
        """A code is good once, so it is not spent beside a wrong password."""
        return super().clean_code() if "password" in self.cleaned_data else ""


def _once_more(request: PersonRequest, back: str = "") -> HttpResponse:
    """Then on to the page that was asked for, or to `back`, where the button stands that asked."""
    asked = urlencode({"next": back or request.path})
    return redirect(f"{reverse('second-step-again')}?{asked}")


@sensitive_post_parameters("password", "code")
@login_required
@never_cache
def once_more(request: PersonRequest) -> HttpResponse:
    """Password and code before new codes, a new device, or an approval."""
    if not second_step.asked_of(request.user):
        return redirect(links.link("own_account"))
    onward = _onward(request)
    form = OnceMoreForm(
        request.POST or None,
        user=request.user,
        verify=lambda code: second_step.check(request, code),
        wrong=_("This code is not right, or it was used already. Wait for the next one."),
    )
    if form.is_valid():
        messages.success(request, _("Confirmed for five minutes."))
        return redirect(onward)
    context = {"form": form, "next": onward, "passkeys": second_step.passkeys(request.user)}
    return render(
        request, "accounts/second_step_again.html", context, status=422 if form.errors else 200
    )


def _onward(request: PersonRequest) -> str:
    return requested.onward(request) or resolve_url("work")
