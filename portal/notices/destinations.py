"""Where a message leads: the page of the case that its reader works on."""

from django.urls import NoReverseMatch, reverse

from accounts.models import Role

CASE_PAGES = {
    Role.APPLICANT: "filing:tasks",
    Role.CHIEF_REPRESENTATIVE: "window:case",
    Role.ENGRAVER: "seals:case",
    Role.TAX_OFFICER: "tax:case",
    Role.SOCIAL_SECURITY_OFFICER: "social_security:case",
    Role.BANK_OFFICER: "banking:case",
    Role.SUPERVISOR: "supervision:case",
    Role.ADMINISTRATOR: "supervision:case",
}


def destination(user, notice) -> str:
    """Where a message leads: the signer's own page from a code, the page of the case from all others."""
    if link := notice.params.get("link"):
        return reverse("sign", args=[link])
    return case_page(user, notice.application)


def case_page(user, application) -> str:
    """The address of the case for this reader; their work's first page where there is no such page."""
    try:
        return reverse(CASE_PAGES[user.role], args=[application.number])
    except (KeyError, NoReverseMatch):
        return reverse("work")
