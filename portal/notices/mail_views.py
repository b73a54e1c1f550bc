"""Proving one's e-mail address."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from kernel.core.errors import Refused
from portal.notices import proving_mail
from portal.notices.models import MailAddress


class AddressForm(forms.Form):
    address = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=120,
        help_text=gettext_lazy("A code is sent to it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": gettext_lazy("Enter your e-mail address."),
            "invalid": gettext_lazy("This is no e-mail address. Write it as name@example.org."),
        },
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("One-time code"),
        max_length=20,
        help_text=gettext_lazy("6 digits"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": gettext_lazy("Enter the code from the e-mail.")},
    )


@sensitive_post_parameters("address")
@login_required
@never_cache
def address(request):
    """To which address a code is sent."""
    form = AddressForm(request.POST or None, initial={"address": request.user.email})
    if form.is_valid():
        try:
            proving_mail.ask(request.user, form.cleaned_data["address"])
            return redirect("messages:mail-code")
        except Refused as refused:
            form.add_error(None, refused.sentence)
    return _page(request, "notices/mail.html", form)


@sensitive_post_parameters("code")
@login_required
@never_cache
def code(request):
    """The code, by which the address is proved."""
    row = MailAddress.objects.filter(account=request.user).first()
    if row is None or not row.asked:
        return redirect("messages:mail")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            proving_mail.take(request.user, form.cleaned_data["code"])
            messages.success(request, _("Your e-mail address is proved."))
            return redirect("messages:choices")
        except Refused as refused:
            form.add_error("code", refused.sentence)
    return _page(request, "notices/mail_code.html", form, address=row.asked)


@require_POST
@login_required
def forget(request):
    """No e-mail any more."""
    proving_mail.give_up(request.user)
    messages.success(request, _("No e-mail goes to you any more."))
    return redirect("messages:choices")


def _page(request, template: str, form: forms.Form, **more):
    base = "base_staff.html" if request.user.is_staff_member else "base.html"
    context = {"form": form, "base": base, **more}
    return render(request, template, context, status=422 if form.errors else 200)
