"""The housing fund, as the rest of the house knows it: at work where a zone switches it on."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from housing_fund import CODE
from housing_fund.desk import AUTHORITY, HousingFundDesk
from housing_fund.fields import FIELDS, SECTION, SEES
from housing_fund.pages import HousingFundPage
from housing_fund.papers import PAPERS
from housing_fund.results import DepositResultSerializer
from housing_fund.standards import STANDARDS
from kernel.core.departments import Department, Limit, Reply
from kernel.form import flow

HOUSING_FUND = Department(
    code=CODE,
    label=_("Housing fund"),
    named=pgettext_lazy("department", "housing fund"),
    letter=pgettext_lazy("reuse cell", "H"),
    short=pgettext_lazy("row of a clock", "Housing fund"),
    owner=pgettext_lazy("owner of a minute", "Housing fund"),
    title=_("Housing fund"),
    note=_("Deposits registered with the licence, no visit"),
    role="housing_fund_officer",
    role_label=_("Housing fund officer"),
    state=flow.SETTLING,
    clock=Limit(CODE, 15, _("Housing fund")),
    desk=HousingFundDesk(),
    standards=STANDARDS,
    namespace=CODE,
    links=(("housing_fund:queue", _("Housing fund")), ("housing_fund:search", _("Find a case"))),
    urls="housing_fund.urls",
    path="housing-fund/",
    authorities=((AUTHORITY, pgettext_lazy("whom the zone names", "housing fund centre")),),
    everywhere=False,
    section=SECTION,
    page=HousingFundPage,
    fields=FIELDS,
    sees=SEES,
    materials=("opening_form", "power_of_attorney", "appointments", "finance_staff"),
    papers=PAPERS,
    result=DepositResultSerializer,
    replies=(
        Reply(
            "later",
            pgettext_lazy("reply", "Later"),
            _(
                "What was opened for %(company)s stands on the page of the case; deposits begin "
                "once employees are registered."
            ),
        ),
    ),
)
