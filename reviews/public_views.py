"""What everybody reads of reviews, and what a writer reads of their own."""

import csv
from dataclasses import asdict
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from kernel.core.errors import Refused
from kernel.core.moment import now
from reviews import clocks, public, queries, themes
from reviews.actions import answer_repair
from reviews.forms import AnswerForm
from reviews.models import Repair, Review, ReviewEvent
from reviews.moderation import REASONS

DAYS = 30
STEPS_SHOWN = {
    ReviewEvent.Step.LEFT,
    ReviewEvent.Step.CONTACTED,
    ReviewEvent.Step.WROTE,
    ReviewEvent.Step.SUBMITTED,
    ReviewEvent.Step.SUBMITTED_UNASKED,
    ReviewEvent.Step.EXTENDED,
    ReviewEvent.Step.REASSIGNED,
    ReviewEvent.Step.SOLVED,
    ReviewEvent.Step.UNSOLVED,
    ReviewEvent.Step.LATER,
    ReviewEvent.Step.SILENT,
    ReviewEvent.Step.LATE,
    ReviewEvent.Step.CLOSED,
    ReviewEvent.Step.PUBLISHED,
}


@require_GET
def results(request):
    """How people judged the service, and what was changed because of it; nothing that says who wrote."""
    at = now()
    year = localtime(at).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    counted = public.themes(year)
    context = {
        "days": DAYS,
        "recent": queries.score(since=at - timedelta(days=DAYS)),
        "ever": queries.score(),
        "repairs": public.repairs(at - timedelta(days=DAYS)),
        "themes": [(themes.label(row.theme), row) for row in counted],
        "most": max((row.n for row in counted), default=1),
        "sentences": [(themes.label(row.theme), row) for row in public.sentences()],
    }
    return render(request, "reviews/results.html", context)


@require_GET
def months_json(request):
    """The months as data, with what each number is."""
    rows = [asdict(month) for month in public.months()]
    answer = JsonResponse({"months": rows, "fewest_reviews": 5}, json_dumps_params={"indent": 1})
    answer["Content-Disposition"] = 'attachment; filename="reviews.json"'
    return answer


@require_GET
def months_csv(request):
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="reviews.csv"'
    rows = [asdict(month) for month in public.months()]
    names = list(public.MONTH_COLUMNS)
    writer = csv.DictWriter(answer, names)
    writer.writeheader()
    writer.writerows(rows)
    return answer


@login_required
@never_cache
def mine(request, uid):
    """What becomes of one's own review, and the answer to "is it repaired?"."""
    review = _own(request, uid)
    repair = review.repair
    asked = repair is not None and repair.state == Repair.State.ASKED
    form = AnswerForm(request.POST or None) if asked else None
    if form and form.is_valid():
        try:
            answer_repair(actor=request.user, review_id=review.pk, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Thank you. Your answer is taken."))
            return redirect("reviews:mine", uid=uid)
    context = {
        "review": review,
        "tags": [themes.label(tag) for tag in review.tags],
        "why_withheld": REASONS.get(review.withheld),
        "repair": repair,
        "form": form,
        "asked": asked,
        "events": review.events.filter(step__in=STEPS_SHOWN).select_related("actor"),
        "clock": clocks.seen(repair) if repair else None,
    }
    return render(
        request, "reviews/mine.html", context, status=422 if form and form.errors else 200
    )


@login_required
@never_cache
def own_picture(request, uid):
    """The picture that one attached oneself."""
    return picture_of(_own(request, uid))


def _own(request, uid) -> Review:
    rows = Review.objects.select_related("follow_up__repair", "application", "zone")
    return get_object_or_404(rows, uid=uid, reviewer=request.user)


def picture_of(review: Review) -> FileResponse:
    """The file as it was checked and redrawn. Raises Http404 where there is none."""
    if not review.picture:
        raise Http404
    answer = FileResponse(review.picture.open("rb"), content_type=review.picture_type)
    answer["Content-Disposition"] = "inline"
    return answer
