"""The page of one's webhook: its address, its secret (once), its proof, what goes there, and its end."""

from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from kernel.accounts import proofs
from kernel.accounts.proofs import Right
from kernel.core.errors import Refused
from kernel.core.rates import at_most
from portal.notices.models import Webhook
from portal.notices.webhooks import proving
from portal.notices.webhooks.forms import AddressForm, KindsForm

EXAMPLE = Path(__file__).with_name("example_receiver.py")


@login_required
@never_cache
@require_GET
def page(request):
    """How it stands with one's webhook."""
    return _page(request)


@sensitive_post_parameters("address")
@login_required
@never_cache
@require_POST
def address(request):
    """A new secret for the address, shown on the answer to this press and never again."""
    form = AddressForm(request.POST)
    if form.is_valid():
        try:
            secret = proving.ask(request.user, form.cleaned_data["address"])
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            context = {"secret": secret, "address": form.cleaned_data["address"]}
            return render(request, "notices/webhook_secret.html", context)
    return _page(request, address_form=form)


@login_required
@never_cache
@at_most(20)
@require_POST
def proof(request):
    """Have the receiver give a challenge back."""
    try:
        proving.prove(request.user)
    except proving.NoneAsked as refused:
        hook = Webhook.objects.filter(account=request.user).first()
        if not (hook and hook.is_on):  # else it is the second press of one that proved it
            messages.error(request, refused.sentence)
    except Refused as refused:
        return _page(request, refusal=refused.sentence)
    else:
        messages.success(request, _("Your receiver is proved. From now on the portal posts to it."))
    return redirect("messages:webhook")


@login_required
@require_POST
def choose(request):
    form = KindsForm(request.POST)
    if not form.is_valid():
        return _page(request, kinds_form=form)
    try:
        proving.choose(request.user, form.cleaned_data["kinds"])
    except Refused as refused:  # it was taken away in another tab
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Saved. From now on you are told so."))
    return redirect("messages:webhook")


@login_required
@require_POST
def take_away(request):
    proving.take_away(request.user)
    messages.success(
        request, _("Nothing is posted to your receiver any more, and its secret is gone.")
    )
    return redirect("messages:webhook")


@require_GET
def example(_request):
    """A receiver of a few lines, of Python's own library alone."""
    return HttpResponse(EXAMPLE.read_bytes(), content_type="text/plain; charset=utf-8")


def _page(request, address_form=None, kinds_form=None, refusal=""):
    """Raises Http404 for the staff, whom no webhook is for."""
    if request.user.is_staff_member:
        raise Http404
    hook = Webhook.objects.filter(account=request.user).first()
    given = (hook.asked or hook.address) if hook else ""
    context = {
        "hook": hook,
        "may": proofs.allows(request.user, Right.WEBHOOK),
        "address_form": address_form or AddressForm(initial={"address": given}),
        "kinds_form": kinds_form or KindsForm(initial={"kinds": hook.kinds if hook else []}),
        "refusal": refusal,
    }
    wrong = bool(refusal or address_form or kinds_form)
    return render(request, "notices/webhook.html", context, status=422 if wrong else 200)
