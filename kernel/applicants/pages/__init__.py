"""The pages of the form, one class for each, by key: those of everybody here, a department's in its `pages.py`."""

from kernel.applicants.pages.base import FormPage
from kernel.applicants.pages.company import AddressPage, CapitalPage, NamePage, ScopePage
from kernel.applicants.pages.materials import MaterialsPage
from kernel.applicants.pages.people import AgentPage, ContactsPage, OfficersPage, ShareholdersPage
from kernel.core.departments import Table

_OWN: dict[str, type[FormPage]] = {
    page.key: page
    for page in (
        NamePage,
        ScopePage,
        AddressPage,
        CapitalPage,
        ShareholdersPage,
        OfficersPage,
        ContactsPage,
        AgentPage,
        MaterialsPage,
    )
}

PAGES = Table(
    lambda departments: (
        _OWN
        | {
            getattr(department.page, "key", ""): department.page
            for department in departments
            if department.page
        }
    )
)

__all__ = ["PAGES", "FormPage"]
