"""Proving a phone in two pages: the number is typed and a code is sent to it, then the code is typed.

What was sent and what was given is kept in the session by the row's `uid` alone. Whether anybody has an account with
the number makes no difference to what is done, said or sent.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from kernel.accounts import one_time_codes
from kernel.accounts.addresses import address_of
from kernel.accounts.one_time_codes import OneTimeCode, Purpose
from kernel.applicants.identity_forms import CodeForm
from kernel.core.errors import Refused
from portal.own_account.forms import PhoneForm


@dataclass(frozen=True)
class Steps:
    """`start`, `code` and `onward` are names of addresses: of the two pages, and of what follows."""

    purpose: Purpose
    title: str | Promise
    sub: str | Promise
    start: str
    code: str
    onward: str

    @property
    def sent(self) -> str:
        return f"{self.purpose}:sent"

    @property
    def given(self) -> str:
        return f"{self.purpose}:given"


def ask_phone(request: HttpRequest, steps: Steps, bound: str = "", **more) -> HttpResponse:
    """The first page. `more` is handed to the template."""
    form = PhoneForm(request.POST or None)
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            _send(request, steps, form.cleaned_data["phone"], bound)
            return redirect(steps.code)
        except one_time_codes.TooSoon as refused:
            row = _sent(request, steps)
            if row and row.phone == form.cleaned_data["phone"]:
                return redirect(steps.code)
            form.add_error("phone", refused.sentence)
            status = 429
        except Refused as refused:
            form.add_error("phone", refused.sentence)
            status = 429
    context = {"form": form, "steps": steps, **more}
    return render(request, "own_account/phone.html", context, status=status)


def ask_code(request: HttpRequest, steps: Steps, bound: str = "") -> HttpResponse:
    """The second page; its other button asks for a new code."""
    row = _sent(request, steps)
    if row is None:
        return redirect(steps.start)
    if "again" in request.POST:
        return _again(request, steps, row, bound)
    form = CodeForm(request.POST or None, row=row, bound=bound)
    if form.is_valid():
        request.session[steps.given] = str(form.cleaned_data["code"].uid)
        request.session.pop(steps.sent)
        return redirect(steps.onward)
    context = {"form": form, "steps": steps, "phone": row.phone}
    return render(request, "own_account/code.html", context, status=422 if form.errors else 200)


def proved(request: HttpRequest, steps: Steps) -> str:
    """The phone that was proved in this session within the last half hour; empty where none was."""
    row = one_time_codes.taken(steps.purpose, request.session.get(steps.given))
    return row.phone if row else ""


def forget(request: HttpRequest, steps: Steps) -> None:
    request.session.pop(steps.given, None)


def may_try(request: HttpRequest, steps: Steps) -> bool:
    """Whether with this code another name may be tried: each that doesn't match is counted on it."""
    row = one_time_codes.taken(steps.purpose, request.session.get(steps.given))
    return row is not None and one_time_codes.count_try(row)


def _again(request: HttpRequest, steps: Steps, row: OneTimeCode, bound: str) -> HttpResponse:
    try:
        _send(request, steps, row.phone, bound)
        messages.success(request, _("A new code is on its way."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect(steps.code)


def _send(request: HttpRequest, steps: Steps, phone: str, bound: str) -> None:
    row = one_time_codes.draw(
        steps.purpose,
        phone,
        bound=bound,
        account=request.user if request.user.is_authenticated else None,
        address=address_of(request),
    )
    request.session[steps.sent] = str(row.uid)


def _sent(request: HttpRequest, steps: Steps) -> OneTimeCode | None:
    uid = request.session.get(steps.sent)
    return OneTimeCode.objects.filter(purpose=steps.purpose, uid=uid).first() if uid else None
