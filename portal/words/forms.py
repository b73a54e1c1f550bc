"""What an administrator of the zone fills in: the words of a place in both languages, and why they are to be used."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.core.errors import Incomplete, Refused
from kernel.core.written import require_seen
from kernel.zone_words.looking import LABELS
from kernel.zone_words.models import ZoneWords
from kernel.zone_words.places import Place

Says = ZoneWords.Says


class Written(forms.CharField):
    """Must be filled in where the zone's own words are chosen: `kernel.zone_words.checking` says so, in its words."""

    def validate(self, value):
        pass


class WordsForm(forms.Form):
    """What they must hold is said by `kernel.zone_words.checking`, here as at the second person's press."""

    says = forms.ChoiceField(
        label=_("What is said"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is to be said.")},
    )

    use_required_attribute = False

    def __init__(self, data=None, *, place: Place, initial=None):
        super().__init__(data, initial=initial)
        offered = [Says.OWN]
        offered += [Says.PRODUCT] if place.has_product else []
        offered += [Says.NOTHING] if place.may_be_left_out else []
        self.fields["says"].choices = [(row.value, row.label) for row in offered]
        for field in place.fields:
            rows = 1 if field.startswith("title") else 3
            self.fields[field] = Written(
                label=LABELS[field],
                strip=False,
                widget=forms.Textarea(attrs={"rows": rows}) if rows > 1 else forms.TextInput(),
            )

    @property
    def words(self) -> dict[str, str]:
        return {name: text for name, text in self.cleaned_data.items() if name != "says"}

    def refuse(self, refused: Refused) -> None:
        """Each sentence at its field."""
        problems = refused.problems if isinstance(refused, Incomplete) else []
        for text, (name,) in problems:
            self.add_error(name, text)
        if not problems:
            self.add_error(None, str(refused))


class AskForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        validators=[require_seen],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The second person reads it. No names or numbers of applicants."),
        error_messages={"required": _("Write the reason. The second person decides by it.")},
    )
