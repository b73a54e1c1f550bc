"""The licence desk, as the rest of the house knows it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.core.departments import Department, Limit, Reply
from kernel.form import flow
from registration import CODE
from registration.desk import LicenceDesk
from registration.fields import SEES
from registration.standards import STANDARDS

REGISTRATION = Department(
    code=CODE,
    label=_("Registration"),
    named=pgettext_lazy("department", "registration"),
    letter=pgettext_lazy("reuse cell", "R"),
    short=pgettext_lazy("row of a clock", "Licence"),
    owner=pgettext_lazy("owner of a minute", "Chief representative"),
    title=_("Business licence"),
    note=_("Decided by one chief representative"),
    role="chief_representative",
    role_label=_("Chief representative"),
    state=flow.LICENSING,
    clock=Limit("licence_and_seals", 45, _("Licence and seals")),
    desk=LicenceDesk(),
    standards=STANDARDS,
    namespace="window",
    links=(
        ("window:queue", _("Window")),
        ("window:following", _("Materials to follow")),
        ("window:audits", _("After-audits")),
        ("window:search", _("Find a case")),
        ("standards", _("Review standards")),
    ),
    urls="registration.urls",
    done=_("Registered; the business licence is issued"),
    sees=SEES,
    materials=(
        "opening_form",
        "power_of_attorney",
        "articles",
        "shareholder_proof",
        "appointments",
        "address_proof",
    ),
    replies=(
        Reply(
            "corrected",
            pgettext_lazy("reply", "Where to correct"),
            _(
                "Open the case and press “Change” beside what is listed; then send it back. You need not come."
            ),
        ),
        Reply(
            "licence",
            pgettext_lazy("reply", "Licence"),
            _(
                "The licence of %(company)s is issued: its unified social credit code is "
                "%(uscc)s. You find it on the page of the case."
            ),
        ),
    ),
)
