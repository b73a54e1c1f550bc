"""At the window, with the person and their identity card in front of the officer: an account is given back to its
holder, or follows a change of name. Both stand on the page of the account, with who did it."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from kernel.accounts import actions, one_time_codes, real_names
from kernel.accounts.addresses import address_of
from kernel.accounts.models import User
from kernel.accounts.one_time_codes import OneTimeCode, Purpose
from kernel.accounts.proofs import Right, allows
from kernel.accounts.real_names import Answer
from kernel.applicants.identity_forms import CodeForm, NameForm, PhoneField
from kernel.core.errors import Refused
from kernel.core.privacy import blind_index
from kernel.form import flow
from portal.own_account.own import NAME_AWAY

SENT = "window:sent"  # in the session: which code was sent for whose account
NO_MATCH = gettext_lazy(
    "Name and ID number don't belong together, as the service that checks names says. Compare them with the card."
)
NO_ACCOUNT = gettext_lazy(
    "No account has proved to be this person. They register by themselves, with their own phone."
)


class CardForm(NameForm):
    """What the card says, and what is to be done for its holder."""

    GIVE_BACK, RENAME = "give_back", "rename"
    act = forms.ChoiceField(
        label=gettext_lazy("What for"),
        choices=(
            (GIVE_BACK, gettext_lazy("Give the account back: another phone, a new password")),
            (RENAME, gettext_lazy("The name on the card has changed")),
        ),
        widget=forms.RadioSelect,
        initial=GIVE_BACK,
    )
    seen = forms.BooleanField(
        label=gettext_lazy("The person is here, and I have seen their identity card"),
        error_messages={
            "required": gettext_lazy("Tick that the person is here with the identity card")
        },
    )
    phone = PhoneField(
        autocomplete="off",
        label=gettext_lazy("Mobile phone that they have with them"),
        required=False,
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("act") == self.GIVE_BACK and not cleaned.get("phone") and not self.errors:
            self.add_error("phone", _("Enter the phone that they have with them"))
        return cleaned


def _officer(request):
    """The registrar's officers alone. Raises PermissionDenied."""
    if flow.registrar() not in request.user.desks:
        raise PermissionDenied


@sensitive_post_parameters("real_name", "id_number", "phone")
@login_required
@never_cache
def card(request):
    _officer(request)
    form = CardForm(request.POST or None)
    if form.is_valid() and (done := _done(request, form)):
        return done
    return render(
        request, "own_account/window.html", {"form": form}, status=422 if form.errors else 200
    )


def _done(request, form):
    data = form.cleaned_data
    answer = real_names.judge(data["real_name"], data["id_number"])
    if answer is not Answer.MATCH:
        form.add_error(None, NAME_AWAY if answer is Answer.UNAVAILABLE else NO_MATCH)
        return None
    account = _account(data["id_number"])
    if account is None:
        form.add_error(None, NO_ACCOUNT)
        return None
    if data["act"] == CardForm.RENAME:
        actions.change_name(account=account, real_name=data["real_name"], by=request.user)
        messages.success(request, _("The account has the new name. What was filed keeps the old."))
        return redirect("account-window")
    try:
        row = one_time_codes.draw(
            Purpose.PHONE,
            data["phone"],
            bound=f"window:{account.pk}",
            account=request.user,
            address=address_of(request),
        )
    except Refused as refused:
        form.add_error("phone", refused.sentence)
        return None
    request.session[SENT] = {"code": str(row.uid), "account": account.pk}
    return redirect("account-window-code")


def _account(id_number: str) -> User | None:
    of_number = User.objects.filter(id_index=blind_index(id_number), is_active=True)
    return next((account for account in of_number if allows(account, Right.RECOVER)), None)


@sensitive_post_parameters("code")
@login_required
@never_cache
def code(request):
    """The person reads the code out; then the account is theirs, and nobody else's session in it goes on."""
    _officer(request)
    sent = request.session.get(SENT, {})
    row = OneTimeCode.objects.filter(uid=sent.get("code")).first() if sent else None
    if row is None:
        return redirect("account-window")
    form = CodeForm(request.POST or None, row=row, bound=f"window:{sent['account']}")
    if form.is_valid():
        account = User.objects.get(pk=sent["account"])
        try:
            actions.give_back(account=account, phone=row.phone, by=request.user)
        except Refused as refused:
            messages.error(request, refused.sentence)
            return redirect("account-window")
        request.session.pop(SENT)
        messages.success(
            request,
            _(
                "The account is its holder's again; no earlier password or session opens it. They set a new "
                "password by “Forgotten password”."
            ),
        )
        return redirect("account-window")
    context = {"form": form, "phone": row.phone}
    return render(
        request, "own_account/window_code.html", context, status=422 if form.errors else 200
    )
