"""The housing fund's page of the form: filled in for who has no employees yet, to be looked at."""

from django.utils.translation import gettext_lazy as _

from housing_fund.fields import Rate
from kernel.applicants.forms.base import SectionForm
from kernel.applicants.inputs import Chosen, Picked, Whole, Yuan
from kernel.form.choices import YesNo


class HousingFundPage(SectionForm):
    section = "housing_fund"
    prefills = True

    deposits = Chosen(
        "housing_fund.deposits",
        help_text=_("A new employer registers within 30 days and deposits from the first wage on."),
    )
    people = Whole()
    base = Yuan(help_text=_("The monthly wages that deposits are reckoned from, added up."))
    rate = Picked(help_text=_("The company and its people each deposit this part of the base."))

    def prepare(self):
        self.fields["rate"].offer(Rate.choices)

    def proposal(self):
        return {"deposits": YesNo.NO}
