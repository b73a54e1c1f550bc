"""Where a message leads: the page of the case that its reader works on."""

from django.urls import NoReverseMatch, reverse

from kernel.accounts.models import Role
from kernel.cases.models import Application
from kernel.core.departments import department
from kernel.core.ui.links import link
from reviews.addresses import asked

CASE_PAGES = {  # of who is no officer
    Role.APPLICANT: "filing:tasks",
    Role.SUPERVISOR: "supervision:case",
    Role.ADMINISTRATOR: "supervision:case",
    Role.OPERATOR: "supervision:case",
}


def destination(user, notice) -> str:
    """Where a message leads: the page of the case, or the first page of their work for whom the case isn't open
    (yet, or any more); of one's account to its page, and of what waits for a second person to that."""
    if notice.kind == "digest":
        return reverse("messages:digest", args=[notice.pk])
    if uid := notice.params.get("proposal"):
        return link("proposal", uid)
    if number := notice.params.get("request"):
        page = "services-request" if user.is_staff_member else "service-request"
        return reverse(page, args=[number])
    if notice.kind == "review_asked":
        return link("review_by_link", asked(notice.application))
    if uid := notice.params.get("uid"):
        return link("review_repair" if user.is_staff_member else "review_of_mine", uid)
    if notice.kind == "webhook_off":
        return reverse("messages:webhook")
    if notice.application_id is None:
        return link("own_account")
    if not Application.objects.for_user(user).filter(pk=notice.application_id).exists():
        return reverse("work")
    return case_page(user, notice.application)


def case_page(user, application) -> str:
    """The address of the case for this reader; their work's first page where there is no such page."""
    try:
        return reverse(_page(user, application), args=[application.number])
    except (KeyError, NoReverseMatch):
        return reverse("work")


def _page(user, application) -> str:
    """An officer's own desk; of several, the last that the case has reached. Raises KeyError where there is none."""
    if not user.departments:
        return CASE_PAGES[user.role]
    reached = application.stages.at_desks(user).values_list("department", flat=True)
    return department(max(reached, key=user.departments.index, default=user.department)).case_page
