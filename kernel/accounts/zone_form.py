"""The form of a zone in the administration: a field for each setting that somebody registered."""

from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.accounts import loosening, second_step, zone_settings
from kernel.accounts.models import Zone
from kernel.accounts.zone_settings import Setting
from kernel.core.errors import Refused
from kernel.core.written import require_seen

PREFIX = "setting-"


class ZoneForm(forms.ModelForm):
    """Empty is the default; what equals the default isn't kept as the zone's own. What nobody registered is refused."""

    request: Any = None  # of who fills it in; set by the administration
    held: dict[str, loosening.Change] = {}
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=500,
        validators=[require_seen],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Needed where a setting takes a person's look away (approval by the system, the share that is audited, the "
            "second step before an approval): a second person decides by it."
        ),
    )

    class Meta:
        model = Zone
        fields = ["name", "name_en", "authority_name", "region_code", "hall", "phone"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for setting in zone_settings.settings():
            self.fields[PREFIX + setting.name] = self._field(setting)

    def _field(self, setting: Setting) -> forms.Field:
        kind, default = setting.kind, setting.default_of(self.instance)
        own = self.instance.settings.get(setting.name)
        hint = (
            _("Default: %(value)s") % {"value": kind.shown(default)}
            if default not in (None, "")
            else _("No default.")
        )
        return kind.field(
            required=False,
            label=setting.label,
            help_text=f"{setting.sentence} {hint}",
            initial=default if own is None and kind.always else own,
        )

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        cleaned["settings"] = self._for_one(self._settings(cleaned))
        for name in self._strange():
            self.add_error(
                None,
                _("Nothing reads the setting “%(name)s”; check the spelling.") % {"name": name},
            )
        return cleaned

    def _settings(self, cleaned: dict) -> dict:
        """The zone's own; a field at fault keeps what is there."""
        settings = {}
        for setting in zone_settings.settings():
            given = cleaned.get(PREFIX + setting.name)
            if given in (None, "") or (given == [] and not setting.kind.always):
                continue
            if not setting.kind.holds(given):
                self.add_error(PREFIX + setting.name, setting.kind.expects)
            elif given != setting.default_of(self.instance):
                settings[setting.name] = given
        return settings

    def _for_one(self, wanted: dict) -> dict:
        """What one person may set; the rest stays as it is, and waits for a second one (`held`)."""
        self.held = loosening.held_back(self.instance, wanted)
        if self.held:
            if not (self.cleaned_data.get("reason") or "").strip():
                self.add_error("reason", _("Write the reason. The second person decides by it."))
            try:
                second_step.require_fresh_for_two(self.request)
            except Refused as refused:
                self.add_error(None, str(refused))
        own = self.instance.settings
        kept = {name: own[name] for name in self.held if name in own}
        return {name: value for name, value in wanted.items() if name not in self.held} | kept

    def _strange(self) -> list[str]:
        """What was sent, or stands with the zone, and nobody reads."""
        known = {setting.name for setting in zone_settings.settings()}
        sent = {key.removeprefix(PREFIX) for key in self.data if key.startswith(PREFIX)}
        return sorted(sent - known)

    def save(self, commit=True):
        self.instance.settings = self.cleaned_data["settings"]
        return super().save(commit)


def fieldsets() -> list[tuple]:
    """A heading for each group of settings, in the order in which they were registered."""
    return [
        (group, {"fields": [PREFIX + setting.name for setting in settings]})
        for group, settings in groupby(
            zone_settings.settings(), key=lambda setting: str(setting.group)
        )
    ]
