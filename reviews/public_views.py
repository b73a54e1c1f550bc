"""What everybody reads of reviews, and what a writer reads of their own."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from kernel.core.errors import Refused
from reviews import clocks, public, published, publishing, themes
from reviews.actions import answer_repair, take_consent_back
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
    ReviewEvent.Step.CONSENT_BACK,
}


@require_GET
def results(request):
    """How people judged the service, and what was changed because of it; nothing that says who wrote."""
    told = published.read()
    context = {
        "told": told,
        "themes": [(themes.label(row.theme), row) for row in told.themes],
        "most": max((row.n for row in told.themes), default=1),
        "sentences": [(themes.label(row.theme), row) for row in public.sentences()],
    }
    return render(request, "reviews/results.html", context)


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
            _thank(request, review, form.cleaned_data["comment"])
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


def _thank(request, review: Review, comment: str) -> None:
    thanks = [_("Thank you. Your answer is taken.")]
    if why := comment and publishing.Kept(review).why(comment):
        thanks.append(
            _("Your words are kept from the department, since %(why)s.") % {"why": REASONS[why]}
        )
    messages.success(request, " ".join(thanks))


@login_required
@never_cache
@require_POST
def consent_back(request, uid):
    """The writer doesn't agree to the sentence any more: it is public no longer."""
    review = _own(request, uid)
    try:
        take_consent_back(actor=request.user, review_id=review.pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back. No sentence about your review is public."))
    return redirect("reviews:mine", uid=uid)


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
