"""What social security asks in the form, and what it uses of what others ask."""

from django.utils.translation import gettext_lazy as _

from kernel.form.choices import YesNo
from kernel.form.dates import as_day
from kernel.form.fields import AGENT, NAME, OF_DEPARTMENTS, Field, Section

SECTION = Section(
    "social_security",
    _("Social security"),
    OF_DEPARTMENTS,
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
