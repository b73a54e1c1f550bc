"""What the staff's pages of a service share: whose requests they see, what can be recorded of one, and its page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate

from kernel.bookings import attending
from kernel.core.errors import Refused
from kernel.core.moment import now
from kernel.core.ui.form_errors import form_errors
from services.booked import actions, kinds, passwords, rights
from services.booked.forms import DecisionForm, MoveForm, OutcomeForm
from services.booked.models import OPEN, ServiceRequest, ServiceRequestQuerySet, State, gives
from services.booked.steps import steps


def require_staff(user) -> None:
    """Raises Http404 for whoever gives no services."""
    if not user.is_staff_member or not gives(user) or user.zone is None:
        raise Http404


def rows_of(user) -> ServiceRequestQuerySet:
    return ServiceRequest.objects.for_user(user).select_related("zone", "application", "session")


@dataclass(frozen=True)
class Row:
    """One of the day, with what can be recorded of it now."""

    request: ServiceRequest
    at: datetime

    @property
    def may_come(self) -> bool:
        is_today = self.request.begins_at and localdate(self.request.begins_at) == localdate(
            self.at
        )
        return bool(is_today) and self.request.state in (State.CONFIRMED, State.NO_SHOW)

    @property
    def may_be_missed(self) -> bool:
        begins = self.request.begins_at
        is_past = begins is not None and self.at >= begins + attending.GRACE
        return is_past and self.request.state == State.CONFIRMED

    @property
    def may_end(self) -> bool:
        return self.request.state == State.UNDER_WAY

    @property
    def team(self) -> list[str]:
        return [str(row.person) for row in self.request.people.all() if row.until is None]


def theirs(request, number: str) -> ServiceRequest:
    require_staff(request.user)
    return get_object_or_404(rows_of(request.user), number=number.replace("\0", ""))


def page(
    request,
    row: ServiceRequest,
    *,
    outcome=None,
    decision=None,
    move=None,
    refused="",
    status=200,
    seen=False,
):
    today = localdate(now())
    is_visit = row.of.needs_address and row.state in (State.CONFIRMED, State.UNDER_WAY)
    is_today = bool(row.begins_at) and localdate(row.begins_at) == today
    may_give = rights.is_of_zone(request.user, row) and request.user.pk != row.applicant_id
    movable = row.of.has_places and row.state in actions.MOVABLE and not row.applicant_id
    errors = [{"target": "", "text": refused}] if refused else []
    for form in filter(None, (outcome, decision, move)):
        errors += form_errors(form)
    context = {
        "row": row,
        "acts": Row(row, now()),
        "seen": seen,
        "ground": kinds.ground_label(row.ground),
        "outcome_label": kinds.OUTCOMES.get(row.outcome, ""),
        "answers": [
            (kinds.ASKED[name], kinds.ANSWERS.get(answer, answer))
            for name, answer in row.results.items()
            if name in kinds.ASKED
        ],
        "steps": steps(row),
        "looks": row.events.filter(kind="looked").select_related("actor"),
        "team": list(row.people.filter(until=None).select_related("person__staff_card")),
        "password": passwords.of_day(row, today) if is_visit and is_today else None,
        "files": list(row.files.all()),
        "may_decide": row.state == State.ASKED and rights.may_decide(request.user, row),
        "is_own": rights.is_own(request.user, row),
        "may_assign": row.state == State.CONFIRMED
        and row.of.people > 1
        and rights.may_decide(request.user, row),
        "may_end": may_give
        and (
            row.state == State.UNDER_WAY
            or (row.state == State.CONFIRMED and row.kind in ("assisted", "follow_up"))
        ),
        "may_move": movable,
        "may_cancel": not row.applicant_id and row.state in OPEN,
        "may_open_draft": row.kind == "assisted"
        and row.state in (State.CONFIRMED, State.UNDER_WAY)
        and row.people.filter(person=request.user, until=None).exists(),
        "decision": decision or DecisionForm(row),
        "outcome": outcome or OutcomeForm(row),
        "move": move or (MoveForm(row, now()) if movable else None),
        "errors": errors,
        "has_errors": bool(errors),
    }
    return render(request, "booked/one.html", context, status=status)


def done(request, number: str, act: Callable[[ServiceRequest], object], sentence: str):
    """An action and back to the request; what can't be done is said there."""
    row = theirs(request, number)
    try:
        act(row)
    except Refused as refused:
        return page(request, theirs(request, number), refused=str(refused), status=409)
    messages.success(request, sentence)
    return redirect("services-request", number=number)
