"""What happens to reviews by itself: who ended a case is asked for one, and an answer that never comes is let go."""

from datetime import timedelta

from celery import shared_task
from django.db.models import Q

from kernel.cases.models import Application, Event
from kernel.core.moment import now
from kernel.form import flow
from reviews import actions
from reviews.models import Repair

AFTER = timedelta(hours=2)  # after the end of a case
WITHIN = timedelta(days=3)  # later nobody is asked any more
BATCH = 200


@shared_task
def keep_reviews() -> int:
    """Ask for reviews, and let answers go; returns how many of both."""
    return ask_for_reviews() + let_answers_go()


def ask_for_reviews() -> int:
    """Of who ended a case some hours ago: completed it, withdrew it, or was declined."""
    at = now()
    since, until = at - WITHIN, at - AFTER
    given_up = Q(
        state__in=[flow.WITHDRAWN, flow.DECLINED],
        submitted_at__isnull=False,
        events__kind__in=[Event.Kind.WITHDRAWN, Event.Kind.DECLINED],
        events__at__gt=since,
        events__at__lte=until,
    )
    ended = Application.objects.filter(
        Q(completed_at__gt=since, completed_at__lte=until) | given_up,
        review_request=None,
        reviews=None,
    )
    keys = list(ended.order_by("pk").values_list("pk", flat=True).distinct()[:BATCH])
    return sum(actions.ask_for_review(application_id=key) for key in keys)


def let_answers_go() -> int:
    due = Repair.objects.filter(state=Repair.State.ASKED, answer_due_at__lte=now())
    keys = list(due.order_by("pk").values_list("follow_up__review", flat=True)[:BATCH])
    for key in keys:
        actions.let_answer_go(review_id=key)
    return len(keys)
