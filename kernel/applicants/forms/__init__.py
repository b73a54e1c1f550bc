"""The forms of the one form: one for each page, by section."""

from kernel.applicants.forms.base import SectionForm
from kernel.applicants.forms.company import AddressForm, CapitalForm, NameForm, ScopeForm
from kernel.applicants.forms.departments import BankForm, SealsForm, SocialSecurityForm, TaxForm
from kernel.applicants.forms.materials import MaterialsForm
from kernel.applicants.forms.people import (
    AgentForm,
    ContactsForm,
    OfficersForm,
    PersonForm,
    ShareholdersForm,
)

FORMS: dict[str, type[SectionForm]] = {
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
        SealsForm,
        TaxForm,
        SocialSecurityForm,
        BankForm,
        MaterialsForm,
    )
}

__all__ = ["FORMS", "PersonForm", "SectionForm"]
