"""Asking for a review by a link, once a case has ended."""

from kernel.cases.models import Application
from kernel.core.moment import now
from reviews import signals
from reviews.models import Review, ReviewRequest


def ask_for_review(*, application_id: int) -> bool:
    """Ask the applicant of a case once, unless it was reviewed already; whether that was done."""
    if Review.objects.filter(application=application_id, kind="").exists():
        return False
    request, is_new = ReviewRequest.objects.get_or_create(
        application_id=application_id, defaults={"asked_at": now()}
    )
    if is_new:
        application = Application.objects.select_related("zone").get(pk=application_id)
        signals.review_asked.send(sender=Application, application=application, request=request)
    return is_new
