"""What the holder of a webhook types."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kernel.core import guarded_http
from portal.notices.webhooks.kinds import GROUPS


class AddressForm(forms.Form):
    address = forms.CharField(
        label=_("Address of your receiver"),
        max_length=guarded_http.LONGEST,
        help_text=_(
            "Such as https://hooks.example.org/portal. Each new address, and each new secret, is proved."
        ),
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Enter the address of your receiver."),
            "max_length": _(
                "The address is longer than 300 characters. Give your receiver a shorter one."
            ),
        },
    )

    def clean_address(self):
        address = self.cleaned_data["address"]
        if not guarded_http.is_address(address, settings.WEBHOOK_INNER_HOSTS):
            raise forms.ValidationError(
                _(
                    "The portal posts to no such address. Write https:// and the name of a host, port 443 or 8443, "
                    "without user, password or #; a name with other letters than a to z as it stands in its "
                    "certificate (xn--…)."
                )
            )
        return address


class KindsForm(forms.Form):
    kinds = forms.MultipleChoiceField(
        label=_("What is posted there"),
        choices=list(GROUPS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing is posted where you tick none."),
    )
