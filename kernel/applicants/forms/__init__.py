"""The forms of the one form: one for each page, by section."""

from kernel.applicants.forms.base import SectionForm
from kernel.applicants.forms.company import AddressForm, CapitalForm, NameForm, ScopeForm
from kernel.applicants.forms.materials import MaterialsForm
from kernel.applicants.forms.people import (
    AgentForm,
    ContactsForm,
    OfficersForm,
    PersonForm,
    ShareholdersForm,
)
from kernel.core.departments import Table

_OWN: dict[str, type[SectionForm]] = {
    form.section: form
    for form in (
        NameForm,
        ScopeForm,
        AddressForm,
        CapitalForm,
        ShareholdersForm,
        OfficersForm,
        ContactsForm,
        AgentForm,
        MaterialsForm,
    )
}

FORMS = Table(lambda found: _OWN | {one.section.key: one.page for one in found if one.section})

__all__ = ["FORMS", "PersonForm", "SectionForm"]
