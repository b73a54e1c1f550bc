"""Social security, as the rest of the house knows it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.core.departments import Department, Limit, Reply
from kernel.form import flow
from social_security import CODE
from social_security.desk import AUTHORITY, SocialSecurityDesk
from social_security.fields import FIELDS, SECTION, SEES
from social_security.pages import SocialSecurityPage
from social_security.papers import PAPERS
from social_security.results import SocialSecurityResultSerializer
from social_security.standards import STANDARDS

SOCIAL_SECURITY = Department(
    code=CODE,
    label=_("Social security"),
    named=pgettext_lazy("department", "social security"),
    letter=pgettext_lazy("reuse cell", "S"),
    short=pgettext_lazy("row of a clock", "Social security"),
    owner=pgettext_lazy("owner of a minute", "Social security"),
    title=_("Social security"),
    note=_("Registered with the licence, no visit"),
    role="social_security_officer",
    role_label=_("Social security officer"),
    state=flow.SETTLING,
    clock=Limit("social_security", 15, _("Social security")),
    desk=SocialSecurityDesk(),
    standards=STANDARDS,
    namespace="social_security",
    links=(
        ("social_security:queue", _("Social security")),
        ("social_security:search", _("Find a case")),
    ),
    urls="social_security.urls",
    path="social-security/",
    authorities=(
        (
            AUTHORITY,
            pgettext_lazy("whom the zone names", "social security agency"),
        ),
    ),
    printed=pgettext_lazy("on papers", "social security"),
    section=SECTION,
    page=SocialSecurityPage,
    fields=FIELDS,
    sees=SEES,
    materials=("opening_form", "power_of_attorney", "appointments", "finance_staff"),
    papers=PAPERS,
    result=SocialSecurityResultSerializer,
    replies=(
        Reply(
            "employees",
            pgettext_lazy("reply", "First employees"),
            _(
                "Employees are registered after they are hired, on the social security site. "
                "What is registered so far stands on the page of the case."
            ),
        ),
    ),
)
