"""The page of uploads: which files are needed, and whether they are there."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registration.fields import FIELDS
from registration.web.forms.base import SectionForm

KINDS = tuple(field.name for field in FIELDS if field.section == "materials")
HINTS = {
    "address_proof": _("The title deed, or the lease with all its pages."),
    "id_copies": _("Both sides of the identity card of every shareholder and officer."),
    "shareholder_licence": _("The business licence of the company that is the shareholder."),
    "seal_card": _("Only if you have one already; the bank can fill it in with you."),
}
LEGAL_ONLY, OPTIONAL = ("shareholder_licence",), ("seal_card",)


class Upload(forms.FileField):
    """Where a file is chosen. Judged are the files stored, by the standards, not what one request carries."""

    def clean(self, data, initial=None):
        return None


class MaterialsForm(SectionForm):
    """Judges the files that are stored; the uploads themselves are checked by `registration.uploads`."""

    section = "materials"

    def prepare(self):
        for kind in kinds_asked(self.draft):
            widget = forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,image/jpeg,image/png,application/pdf"})
            self.fields[kind] = Upload(required=kind not in OPTIONAL, widget=widget, help_text=HINTS[kind])

    def typed(self):
        return {}


def kinds_asked(draft) -> list[str]:
    """The kinds of files that this company needs or may give, in their order."""
    legal = any(person.is_legal for person in draft.filing.shareholders) or draft.application.company_type == "1152"
    return [kind for kind in KINDS if legal or kind not in LEGAL_ONLY]
