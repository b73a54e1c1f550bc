"""Social security's page of the form: filled in for most, to be looked at."""

from django.utils.translation import gettext_lazy as _

from kernel.applicants.forms.base import SectionForm
from kernel.applicants.inputs import Chosen, Day, Whole
from kernel.form.choices import YesNo


class SocialSecurityPage(SectionForm):
    section = "social_security"
    prefills = True

    has_employees = Chosen("social_security.has_employees")
    employee_count = Whole()
    hired_on = Day(help_text=_("Employees are enrolled within 30 days of their first day of work."))

    def proposal(self):
        return {"has_employees": YesNo.NO}
