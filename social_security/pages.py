"""Social security's page of the form: filled in for most, to be looked at."""

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from kernel.applicants.inputs import Chosen, Day, Whole
from kernel.applicants.pages import FormPage
from kernel.form.choices import YesNo
from kernel.form.filing import read_count


class SocialSecurityPage(FormPage):
    key = "social_security"
    note = _("Filled in as having no employees yet; please check it")
    prefills = True

    has_employees = Chosen("social_security.has_employees")
    employee_count = Whole()
    hired_on = Day(help_text=_("Employees are enrolled within 30 days of their first day of work."))

    @staticmethod
    def summary(filing):
        if filing.answer("social_security.has_employees") != YesNo.YES:
            return gettext("No employees yet")
        count = read_count(filing.answer("social_security.employee_count")) or 0
        return ngettext("%(count)s employee", "%(count)s employees", count) % {"count": count}

    def proposal(self):
        return {"has_employees": YesNo.NO}
