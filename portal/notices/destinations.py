"""Where a message leads: the page of the case that its reader works on."""

from django.urls import NoReverseMatch, reverse

from kernel.accounts.models import Role
from kernel.cases.models import Application

CASE_PAGES = {
    Role.APPLICANT: "filing:tasks",
    Role.CHIEF_REPRESENTATIVE: "window:case",
    Role.ENGRAVER: "seals:case",
    Role.TAX_OFFICER: "tax:case",
    Role.SOCIAL_SECURITY_OFFICER: "social_security:case",
    Role.BANK_OFFICER: "banking:case",
    Role.SUPERVISOR: "supervision:case",
    Role.ADMINISTRATOR: "supervision:case",
    Role.OPERATOR: "supervision:case",
}


def destination(user, notice) -> str:
    """Where a message leads: the signer's own page from a code, from all others the page of the case, or the first page
    of their work for whom the case isn't open (yet, or any more)."""
    if link := notice.params.get("link"):
        return reverse("sign", args=[link])
    if not Application.objects.for_user(user).filter(pk=notice.application_id).exists():
        return reverse("work")
    return case_page(user, notice.application)


def case_page(user, application) -> str:
    """The address of the case for this reader; their work's first page where there is no such page."""
    try:
        return reverse(CASE_PAGES[user.role], args=[application.number])
    except (KeyError, NoReverseMatch):
        return reverse("work")
