"""The housing fund's page of the form: filled in for who has no employees yet, to be looked at."""

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from housing_fund.fields import Rate
from kernel.applicants.inputs import Chosen, Picked, Whole, Yuan
from kernel.applicants.pages import FormPage
from kernel.form.choices import YesNo
from kernel.form.filing import read_count


class HousingFundPage(FormPage):
    key = "housing_fund"
    note = _("Filled in as depositing for nobody yet; please check it")
    prefills = True

    deposits = Chosen(
        "housing_fund.deposits",
        help_text=_("A new employer registers within 30 days and deposits from the first wage on."),
    )
    people = Whole()
    base = Yuan(help_text=_("The monthly wages that deposits are reckoned from, added up."))
    rate = Picked(help_text=_("The company and its people each deposit this part of the base."))

    @staticmethod
    def summary(filing):
        if filing.answer("housing_fund.deposits") != YesNo.YES:
            return gettext("No deposits yet")
        count = read_count(filing.answer("housing_fund.people")) or 0
        sentence = ngettext(
            "%(count)s person at %(rate)s%%", "%(count)s people at %(rate)s%%", count
        )
        return sentence % {"count": count, "rate": filing.answer("housing_fund.rate")}

    def prepare(self):
        self.fields["rate"].offer(Rate.choices)

    def proposal(self):
        return {"deposits": YesNo.NO}
