"""The page of the systems that a sandbox plays: what phones were sent, and how each system behaves."""

from django import forms
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from kernel.accounts import real_names, service_site, service_site_sandbox
from kernel.cases import trail_outside
from kernel.core import sandbox
from kernel.core.privacy import mask_phone
from kernel.core.sandbox import Behaviour
from kernel.core.text_messages import carriers
from kernel.core.typed import phone_number
from kernel.papers import timestamp_sandbox, timestamps
from portal.notices.webhooks import receivers
from reviews import province

SYSTEMS = {
    carriers.SYSTEM: _("Carrier of text messages"),
    real_names.SYSTEM: _("Real-name gateway"),
    service_site.SYSTEM: _("Province's service site"),
    trail_outside.SYSTEM: _("Store of the trail's roots"),
    timestamps.SYSTEM: _("Time-stamp authority"),
    receivers.SYSTEM: _("Receivers of webhooks"),
    province.SYSTEM: _("Province's review system"),
}
BEHAVIOURS = (
    (Behaviour.USUAL.value, _("answers as usual")),
    (Behaviour.SLOW.value, _("answers late")),
    (Behaviour.AWAY.value, _("is away")),
)
OF_STAMPS = (
    (Behaviour.REFUSES.value, _("refuses")),
    (Behaviour.FOR_ANOTHER.value, _("answers another's question")),
    (Behaviour.FORGES.value, _("forges")),
)
OF_TEXTS = (
    (Behaviour.THROTTLES.value, _("turns texts away: too many at once")),
    (Behaviour.NOT_APPROVED.value, _("has not approved the signature")),
    (Behaviour.CENSORS.value, _("refuses the words")),
)
OWN_BEHAVIOURS = {timestamps.SYSTEM: OF_STAMPS, carriers.SYSTEM: OF_TEXTS}


class BehaviourForm(forms.Form):
    system = forms.ChoiceField(choices=SYSTEMS.items())
    how = forms.ChoiceField(choices=BEHAVIOURS + OF_STAMPS + OF_TEXTS)


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label=_("Mobile phone"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    def clean_phone(self):
        return phone_number(self.cleaned_data["phone"])


class SecretForm(forms.Form):
    secret = forms.CharField(
        label=_("Secret of a webhook"),
        max_length=60,
        help_text=_("As whoever runs a receiver gives it the secret that the portal showed."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the secret that the portal showed.")},
    )

    def clean_secret(self):
        try:
            receivers.learn(self.cleaned_data["secret"])
        except ValueError:
            raise forms.ValidationError(_("This is no secret: it begins with whsec_.")) from None
        return self.cleaned_data["secret"]


@sensitive_post_parameters("phone", "secret")
@never_cache
def page(request):
    """Raises Http404 where no system is played."""
    played = _played()
    if not played:
        raise Http404
    if request.method == "POST" and "how" in request.POST:
        form = BehaviourForm(request.POST)
        if form.is_valid():
            sandbox.make(form.cleaned_data["system"], Behaviour(form.cleaned_data["how"]))
        return redirect("sandbox")
    secret = SecretForm(request.POST if "secret" in request.POST else None)
    if secret.is_valid():
        return redirect("sandbox")
    wanted = PhoneForm(request.POST if "phone" in request.POST else None)
    phone = wanted.cleaned_data["phone"] if wanted.is_valid() else ""
    told = [text for text in sandbox.shown(carriers.SYSTEM) if phone in ("", text["phone"])]
    systems = [
        {
            "code": code,
            "title": SYSTEMS[code],
            "how": sandbox.behaviour(code).value,
            "behaviours": BEHAVIOURS + OWN_BEHAVIOURS.get(code, ()),
        }
        for code in played
    ]
    context = {
        "form": wanted,
        "texts": [{"phone": mask_phone(text["phone"]), "body": text["body"]} for text in told],
        "systems": systems,
        "gateway_on": real_names.SYSTEM in played,
        "numbers": carriers.NUMBERS,
        "webhooks_on": receivers.SYSTEM in played,
        "posts": sandbox.shown(receivers.SYSTEM),
        "secret_form": secret,
        "endings": receivers.ENDINGS,
    }
    return render(request, "pages/sandbox.html", context)


def _played() -> list[str]:
    """The systems for which no adapter is connected."""
    site = service_site.site()
    played = {
        carriers.SYSTEM: isinstance(carriers.carrier(), carriers.Sandbox),
        real_names.SYSTEM: isinstance(real_names.gateway(), real_names.Sandbox),
        service_site.SYSTEM: isinstance(site, service_site_sandbox.Sandbox),
        trail_outside.SYSTEM: isinstance(trail_outside.store(), trail_outside.Sandbox),
        timestamps.SYSTEM: isinstance(timestamps.authority(), timestamp_sandbox.Sandbox),
        receivers.SYSTEM: isinstance(receivers.carrier(), receivers.Sandbox),
        province.SYSTEM: isinstance(province.system(), province.Sandbox),
    }
    return [system for system, is_played in played.items() if is_played]
