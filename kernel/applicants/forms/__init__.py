"""The forms of the one form: one for each page, by section."""

from registration.web.forms.base import SectionForm
from registration.web.forms.company import AddressForm, CapitalForm, NameForm, ScopeForm
from registration.web.forms.departments import BankForm, SealsForm, SocialSecurityForm, TaxForm
from registration.web.forms.materials import MaterialsForm
from registration.web.forms.people import (
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
