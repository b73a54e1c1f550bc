"""What social security asks in the form, and what it uses of what others ask."""

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from kernel.form.choices import YesNo
from kernel.form.dates import as_day
from kernel.form.fields import AGENT, NAME, OF_DEPARTMENTS, Field, Section
from kernel.form.filing import Filing, read_count


def summary(filing: Filing) -> str:
    if filing.answer("social_security.has_employees") != YesNo.YES:
        return gettext("No employees yet")
    count = read_count(filing.answer("social_security.employee_count")) or 0
    return ngettext("%(count)s employee", "%(count)s employees", count) % {"count": count}


SECTION = Section(
    "social_security",
    _("Social security"),
    OF_DEPARTMENTS,
    note=_("Filled in as having no employees yet; please check it"),
    summary=summary,
    material="opening_form",
)
WITH_EMPLOYEES = ("social_security.has_employees", YesNo.YES)
FIELDS = (
    Field("contacts.social_security", _("Social security contact"), personal=True),
    Field("social_security.has_employees", _("Employees at the start"), choices=YesNo),
    Field(
        "social_security.employee_count",
        _("Number of employees"),
        only_if=WITH_EMPLOYEES,
        width="w-short",
    ),
    Field(
        "social_security.hired_on",
        _("First day of work"),
        only_if=WITH_EMPLOYEES,
        shown=as_day,
        width="w-mid",
    ),
)
SEES = (
    *NAME,
    "scope.industry",
    "address.division",
    "address.detail",
    "officers.legal_representative",
    *AGENT,
    "materials.agent_id",
)
