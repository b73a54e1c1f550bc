"""The bank, as the rest of the house knows it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from banking import CODE
from banking.desk import BankingDesk
from banking.fields import FIELDS, LEFT_OUT, SECTION, SEES, UNBOOKED
from banking.fields import Meeting as MeetingKind
from banking.pages import BankPage
from banking.papers import PAPERS
from banking.standards import STANDARDS
from kernel.bookings.models import Way
from kernel.core.departments import Department, Limit, Meeting, Reply
from kernel.form import flow

BANKING = Department(
    code=CODE,
    label=_("Bank"),
    named=pgettext_lazy("department", "bank"),
    letter=pgettext_lazy("reuse cell", "B"),
    short=pgettext_lazy("row of a clock", "Bank"),
    owner=pgettext_lazy("owner of a minute", "Bank"),
    title=_("Bank"),
    note=_("Basic account, one visit or one video"),
    role="bank_officer",
    role_label=_("Bank officer"),
    state=flow.SETTLING,
    clock=Limit("bank", 75, _("Bank")),
    desk=BankingDesk(),
    standards=STANDARDS,
    namespace="banking",
    links=(("banking:queue", _("Bank")), ("banking:search", _("Find a case"))),
    urls="banking.urls",
    path="banking/",
    meeting=Meeting(
        where="bank.branch",
        when="bank.appointment",
        how="bank.meeting",
        ways={MeetingKind.FACE: Way.VISIT, MeetingKind.VIDEO: Way.VIDEO},
        unbooked=UNBOOKED,
        video_link="bank_video_link",
    ),
    leaving_out=LEFT_OUT,
    section=SECTION,
    page=BankPage,
    fields=FIELDS,
    sees=SEES,
    materials=(
        "opening_form",
        "articles",
        "shareholder_proof",
        "appointments",
        "address_proof",
        "finance_staff",
        "account_opening",
    ),
    papers=PAPERS,
    replies=(
        Reply(
            "bring",
            pgettext_lazy("reply", "What to have ready"),
            _(
                "For the appointment please have ready: your ID document, and the licence of "
                "%(company)s, which we have here already."
            ),
        ),
        Reply(
            "move",
            pgettext_lazy("reply", "Another time"),
            _(
                "You can move the appointment yourself on the page of the case, without giving a reason."
            ),
        ),
    ),
)
