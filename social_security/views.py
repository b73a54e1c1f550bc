"""The social security desk's pages."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.core.certain import certain
from kernel.desks.case_page import CasePage
from kernel.desks.data import Row
from kernel.desks.pages import DeskPages
from kernel.form import flow
from social_security import CODE, rules
from social_security.desk import proposed_number
from social_security.forms import SocialSecurityForm
from social_security.models import Registration


class SocialSecurityPages(DeskPages):
    department = CODE
    namespace = "social_security"
    title = gettext_lazy("Social security desk")
    template = "social_security/case.html"
    form_class = SocialSecurityForm
    close_label = gettext_lazy("Register and close")
    closed_sentence = gettext_lazy("%(name)s: social security is registered.")

    def on_request(self) -> frozenset[str]:
        return frozenset(
            {"contacts.social_security"}
        )  # the officer calls the contact about enrolling

    def initial(self, page: CasePage) -> dict:
        decision = rules.decide(page.filing)
        return {
            "number": proposed_number(certain(page.application.uscc)),
            "employees": decision.employees,
            "first_day": decision.first_day,
        }

    def context(self, page: CasePage) -> dict:
        insurances = rules.insurances(page.filing, page.application.zone.settings)
        if page.stage.state == flow.DONE:
            record = recorded(Registration.objects.get(pk=page.application.pk))
            return {"insurances": insurances, "record": record}
        return {
            "insurances": insurances,
            "enrol_by": rules.enrol_by(rules.decide(page.filing).first_day),
        }

    def ready_note(self, page: CasePage) -> str:
        return _(
            "Closing issues the receipt. The company sees the day by which its people are to be enrolled."
        )


def recorded(registration: Registration) -> list[Row]:
    """What was registered, for reading."""
    rows = [
        Row(_("Registration number"), registration.number),
        Row(_("Employees"), str(registration.employees)),
    ]
    if registration.first_day:
        rows.append(Row(_("First day of work"), date_format(registration.first_day, "DATE_FORMAT")))
        rows.append(Row(_("Enrol by"), date_format(certain(registration.enrol_by), "DATE_FORMAT")))
    return rows
