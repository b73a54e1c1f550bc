"""The page of uploads: which files are needed, and whether they are there."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kernel.applicants.pages.base import FormPage
from kernel.form import id_copies
from kernel.form.fields import FIELD
from kernel.form.filing import AGENT


class Upload(forms.FileField):
    """Where a file is chosen. Judged are the files stored, by the standards, not what one request carries."""

    def clean(self, data, initial=None):
        return None


class MaterialsPage(FormPage):
    """Judges the files that are stored; the uploads themselves are checked by `kernel.form.uploads`."""

    key = "materials"
    template = "applicants/materials.html"
    note = _("Only what can't be generated: PDF or photos")

    @staticmethod
    def summary(filing):
        count = sum(len(files) for files in filing.materials.values())
        return ngettext("%(count)s file", "%(count)s files", count) % {"count": count}

    @classmethod
    def is_begun(cls, draft):
        return bool(draft.materials)

    def prepare(self):
        for kind in kinds_asked(self.draft):
            widget = forms.FileInput(
                attrs={
                    "accept": ".pdf,application/pdf,.jpg,.jpeg,.png,.heic,.heif,.webp,.tif,.tiff,.bmp,image/*"
                }
            )
            asked = FIELD[f"{self.key}.{kind}"]
            self.fields[kind] = Upload(
                required=not asked.optional, widget=widget, help_text=asked.hint
            )

    def typed(self):
        return {}


def kinds_asked(draft) -> list[str]:
    """The kinds of files that this company needs or may give, in their order."""
    filing = draft.filing
    legal_only = filing.kind is not None and not filing.kind.takes("natural")
    needless = {
        "shareholder_licence": not legal_only
        and not any(person.is_legal for person in filing.shareholders),
        "prior_approval": not filing.waits_for_an_approval,
        "agent_id": not filing.has_agent
        or (filing.holder_of(AGENT), id_copies.OF_FOUNDERS) in id_copies.people_asked(filing),
    }
    kinds = [field.name for field in draft.form.fields_of("materials")]
    return [kind for kind in kinds if not needless.get(kind)]
