"""The published results, and leaving a review with a code or from one's own case."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from kernel.cases.access import access_application
from kernel.core.errors import Refused
from kernel.core.moment import now
from reviews import queries
from reviews.actions import leave_review
from reviews.forms import CodeReviewForm, OwnReviewForm

DAYS = 30


def results(request):
    """How people judged the service: the distribution, with how many were asked and how many answered."""
    context = {
        "days": DAYS,
        "recent": queries.score(since=now() - timedelta(days=DAYS)),
        "ever": queries.score(),
    }
    return render(request, "reviews/results.html", context)


@never_cache
def leave(request):
    """With the review code of a completed case; the code travels in the form, never in an address."""
    form = CodeReviewForm(request.POST or None)
    if form.is_valid():
        answers = form.cleaned_data
        sent = _send(request, form, form.case, code=answers["code"])
        if sent:
            return sent
    return render(request, "reviews/leave.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@never_cache
def leave_own(request, number):
    """From one's own completed case."""
    application = access_application(request.user, number)
    if application.applicant_id != request.user.pk or application.completed_at is None:
        raise Http404
    form = OwnReviewForm(request.POST or None, application)
    if form.is_valid() and (sent := _send(request, form, application, actor=request.user)):
        return sent
    context = {"form": form, "application": application}
    return render(request, "reviews/leave.html", context, status=422 if form.errors else 200)


def _send(request, form, application, **who):
    """The answer after a review was taken; None, with the sentence in the form, when it was refused."""
    answers = {name: form.cleaned_data[name] for name in form.cleaned_data if name != "code"}
    try:
        review = leave_review(application_id=application.pk, **answers, **who)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    thanks = _("Thank you. Your review is taken.")
    follow_up = _("We will contact you within one working day.") if review.is_bad else ""
    messages.success(request, f"{thanks} {follow_up}".strip())
    return redirect("reviews:results")
