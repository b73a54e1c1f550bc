"""The tasks that bad reviews are: the same pages for every department, for the supervisor and the next level."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from kernel.accounts.models import Role
from kernel.core import departments, requested
from kernel.core.errors import Refused
from kernel.core.moment import now
from kernel.core.words import Words
from reviews import actions, clocks, evidence, parts, publishing, queries, themes
from reviews.models import Level, Repair, Review
from reviews.moderation import REASONS
from reviews.public_views import picture_of
from reviews.repair_forms import (
    CheckForm,
    DepartmentForm,
    ExtensionForm,
    HandBackForm,
    MessageForm,
    RepairForm,
)

THEMES_DAYS = 90
OVERSEES = (Role.SUPERVISOR, Role.ADMINISTRATOR)


def _submit(actor, review, content):
    actions.submit_repair(actor=actor, review_id=review.pk, **content)


def _extend(actor, review, content):
    days, reason = content["days"], content["text"]
    actions.ask_extension(actor=actor, review_id=review.pk, days=days, reason=reason)


def _hand_back(actor, review, content):
    actions.hand_back(actor=actor, review_id=review.pk, reason=content["text"])


def _write(actor, review, content):
    actions.write_to_writer(actor=actor, review_id=review.pk, text=content["text"])


def _reassign(actor, review, content):
    department = content["department"]
    actions.reassign_repair(actor=actor, review_id=review.pk, department=department)


def _publish(actor, review, content):
    actions.close_repair(actor=actor, review_id=review.pk, publish=True, **content)


# What the page does: the form that it takes, the verb, and what is said afterwards.
DOES = {
    "submit": (RepairForm, _submit, _("Taken: it goes to the writer, or to the supervisor.")),
    "extend": (ExtensionForm, _extend, _("Asked for. The supervisor decides.")),
    "back": (HandBackForm, _hand_back, _("It is with the supervisor now.")),
    "write": (MessageForm, _write, _("Written to the writer.")),
    "reassign": (DepartmentForm, _reassign, _("It is with the department now.")),
    "publish": (CheckForm, _publish, _("Closed. The sentence is public.")),
}
TITLES = {
    "submit": _("Repair"),
    "extend": _("More time"),
    "back": _("Not our department's"),
    "write": _("Write to the writer"),
}
PLAIN = {  # without a form
    "grant": lambda actor, review: actions.decide_extension(
        actor=actor, review_id=review.pk, granted=True
    ),
    "refuse": lambda actor, review: actions.decide_extension(
        actor=actor, review_id=review.pk, granted=False
    ),
    "close": lambda actor, review: actions.close_repair(
        actor=actor, review_id=review.pk, publish=False
    ),
    "take_back": lambda actor, review: actions.take_consent_back(actor=actor, review_id=review.pk),
}


@login_required
@never_cache
@require_GET
def repairs(request):
    """The tasks of whoever asks: none of their own work; beside them what was said of their desk, by theme."""
    user = request.user
    if not user.departments and not user.holds(*OVERSEES):
        raise PermissionDenied
    since = now() - timedelta(days=THEMES_DAYS)
    rows = queries.themes_of_desk(user.zone, user.departments, since)
    context = {
        **_beside(user),
        "days": THEMES_DAYS,
        "themes": [(themes.label(row.theme), row) for row in rows],
        "is_desk": bool(user.departments),
    }
    return render(request, "reviews/repairs.html", context)


@login_required
@never_cache
def repair(request, uid):
    """One task: complaint, call and data at the left, the repair at the right."""
    review = _task(request.user, uid)
    what = request.POST.get("act") or requested.text(request, "do") or "submit"
    form, errors = None, None
    if request.method == "POST":
        form, errors, done = _do(request, review, what)
        if done is not None:
            messages.success(request, str(done))
            still = Review.objects.filter(pk=review.pk).select_related("follow_up__repair").get()
            may = _may_see(request.user, still)
            return redirect("reviews:repair", uid) if may else redirect("reviews:repairs")
    context = _page(request, review, what, form, errors)
    return render(request, "reviews/repair.html", context, status=422 if errors else 200)


@login_required
@never_cache
@require_GET
def picture(request, uid):
    """The picture of a review, for who works on it; beside words that are kept back it is kept back too."""
    review = _task(request.user, uid)
    if review.withheld and request.user.pk not in parts.overseers(review):
        raise Http404
    return picture_of(review)


def _do(request, review, what):
    """(form, what is wrong, what is said where it was done)."""
    if what in PLAIN:
        try:
            PLAIN[what](request.user, review)
        except Refused as refusal:
            return None, [{"target": "co", "text": str(refusal)}], None
        return None, None, _("Decided.")
    if what not in DOES:
        raise Http404
    kind, verb, said = DOES[what]
    form = kind(request.POST)
    if form.is_valid():
        try:
            verb(request.user, review, form.cleaned_data)
        except Refused as refusal:
            form.add_error("sentence" if "sentence" in form.fields else None, str(refusal))
        else:
            return form, None, said
    return form, form, None


def _page(request, review, what, form, errors) -> dict:
    user, repair = request.user, review.repair
    handles = user.pk in parts.handlers(repair)
    supervises = user.pk in parts.overseers(review)
    what = what if what in TITLES else "submit"
    kept = {"sentence": repair.sentence}
    mine = what in TITLES and isinstance(form, DOES[what][0])
    checked = form if isinstance(form, CheckForm) else CheckForm(initial=kept)
    given = form if isinstance(form, DepartmentForm) else DepartmentForm()
    if not mine and what == "submit":
        form = RepairForm(initial={**kept, **_typed(repair), "responsible": user.real_name})
    elif not mine:
        form = DOES[what][0]()
    return {
        **_beside(user, review),
        "review": review,
        "repair": repair,
        "title": _title(review),
        "tags": [themes.label(tag) for tag in review.tags],
        "cause": themes.cause_label(repair.cause),
        "hidden": review.withheld and not supervises,
        "why_withheld": REASONS.get(review.withheld),
        "follow_up": review.follow_up,
        "outcomes": _readable(review, review.follow_up.outcomes.select_related("by"), supervises),
        "evidence": evidence.of_review(review, now()),
        "clock": clocks.seen(repair),
        "events": _readable(review, review.events.select_related("actor"), supervises),
        "department": departments.label(repair.department) if repair.department else "",
        "level_after": Level(repair.level_after).label if repair.level_after else "",
        "handles": handles,
        "supervises": supervises,
        "do": what,
        "form": form,
        "errors": errors,
        "form_title": TITLES[what],
        "keys": _keys(repair, what),
        "note": "" if review.reviewer_id else _("Nobody can be asked: it goes to the supervisor."),
        "reassign": given if supervises and repair.is_to_be_repaired else None,
        "check": checked,
    }


def _readable(review: Review, written, supervises: bool) -> list:
    """What was written of it, each with `why_kept`: by which rule a desk doesn't read it, empty where it may."""
    rows, kept = list(written), publishing.Kept(review)
    for row in rows:
        why = "" if supervises or not row.text else kept.why(row.text)
        row.why_kept = REASONS.get(why, "")
    return rows


def _keys(repair: Repair, what: str) -> list[tuple[str, str, Words]]:
    """(key, what it opens, label) beside the first one; what is open leads back to the repair."""
    keys = [("T", "write", _("Write to the writer")), ("Y", "extend", _("Ask for more time"))]
    if not repair.review.reviewer_id:
        keys = keys[1:]
    if repair.state == Repair.State.AT_DESK:
        keys.append(("B", "back", _("Not our department's")))
    back = ("Z", "submit", _("Back to the repair"))
    return [back if opens == what else (key, opens, label) for key, opens, label in keys]


def _typed(repair: Repair) -> dict:
    """What was written before, where it comes back after an answer "not solved"."""
    return {"cause": repair.cause, "done": repair.done, "since": repair.since}


def _beside(user, current: Review | None = None) -> dict:
    tasks = [_row(repair) for repair in queries.repairs_of(user)]
    return {
        "to_repair": [row for row in tasks if row["repair"].is_to_be_repaired],
        "asked": [row for row in tasks if row["repair"].state == Repair.State.ASKED],
        "checking": [row for row in tasks if row["repair"].state == Repair.State.CHECKING],
        "current": current,
    }


def _row(repair: Repair) -> dict:
    review = repair.review
    clock = clocks.seen(repair)
    return {"repair": repair, "review": review, "title": _title(review), "clock": clock}


def _title(review: Review) -> Words:
    """Its theme; of a review that names none what was reviewed."""
    theme = themes.theme_of(review.tags)
    return review.label if theme == themes.OTHER else themes.label(theme)


def _task(user, uid) -> Review:
    rows = Review.objects.select_related("follow_up__repair", "application", "zone")
    review = get_object_or_404(rows, uid=uid, follow_up__repair__isnull=False)
    if not _may_see(user, review):
        raise Http404
    return review


def _may_see(user, review: Review) -> bool:
    """Whoever oversees the zone, and officers of the department that has it; never who is reviewed."""
    if user.zone_id != review.zone_id or user.pk in parts.parts_in(review):
        return False
    repair = review.repair
    at_desk = repair.state in (Repair.State.AT_DESK, Repair.State.ASKED)
    return user.holds(*OVERSEES) or (repair.department in user.departments and at_desk)
