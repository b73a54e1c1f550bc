"""Pre-check, check-your-answers, submit, confirmation."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from kernel.applicants import commitment
from kernel.applicants.draft import Draft, filled_draft, own_application, own_draft
from kernel.applicants.pages.base import ONLY_IF
from kernel.applicants.pages.materials import kinds_asked
from kernel.applicants.papers import written
from kernel.cases import actions
from kernel.cases.agency import filer_fault
from kernel.core import departments
from kernel.core.errors import Incomplete, Refused
from kernel.core.moment import now
from kernel.core.privacy import mask_id
from kernel.core.words import Words
from kernel.form import flow
from kernel.form.fields import FIELD, Section
from kernel.sla.clock_view import view
from kernel.sla.models import Clock
from kernel.standards import display, evaluation
from kernel.standards.display import people_behind, yuan

ANCHOR = {"shareholders.people": "people"}
GIVEN = (
    "name.undertaking",
    "name.word_reason",
    "name.group_members",
    "name.group_parent",
    "capital.meant",
)  # asked for in some cases; where one is missing that is an open point


def place_of(draft: Draft, key: str) -> str:
    """The address of the page that asks for a field, at the field itself."""
    field = FIELD[key]
    page = reverse("filing:page", args=[draft.application.number, field.section])
    return f"{page}#id_{ANCHOR.get(key, field.name)}"


@dataclass(frozen=True)
class Point:
    """A standard that isn't met, with the way to its first field on each page that has one."""

    finding: evaluation.StandardFinding
    places: list[tuple[str, Words]]
    labels: list


@dataclass(frozen=True)
class Answered:
    """A page's answers as they are checked before the submit."""

    section: Section
    rows: list[dict]
    url: str


@login_required
@never_cache
def check(request, ref):
    draft = filled_draft(request.user, ref)
    if not draft.is_draft:
        return redirect("filing:tasks", ref=draft.application.number)
    return _show(request, draft)


@login_required
@never_cache
def submit(request, ref):
    """A look at its address, as after a log-in in between, submits nothing and leads to the page with the button."""
    draft = own_draft(request.user, ref)
    if request.method != "POST":
        if draft.is_draft:
            messages.info(
                request,
                _("Nothing was submitted just now. Look through your answers, and press “Submit”."),
            )
        return redirect("filing:check", ref=draft.application.number)
    try:
        application = actions.submit(actor=request.user, application_id=draft.application.pk)
    except Incomplete as incomplete:
        fresh = own_draft(request.user, ref)
        return _show(request, fresh, errors=problems(fresh, incomplete), status=422)
    except Refused as refused:
        return _show(request, draft, errors=[{"target": "", "text": refused.sentence}], status=409)
    return redirect("filing:submitted", ref=application.filing_number or application.ref)


def problems(draft: Draft, incomplete: Incomplete) -> list[dict]:
    """What is still open, for the error summary; each line leads to its field's page."""
    errors = [{"target": "", "text": incomplete.sentence}]
    for sentence, keys in incomplete.problems:
        url = next((place_of(draft, key) for key in keys if key in FIELD), "")
        errors.append({"target": "", "url": url, "text": sentence})
    return errors


def _show(request, draft: Draft, errors=(), status=200):
    findings = draft.findings()
    if not errors and (sentence := actions.why_not(draft.application, draft.filing)):
        url = place_of(draft, departments.meeting_fields().when)
        errors = [{"target": "", "url": url, "text": sentence}]
    is_owner = draft.application.applicant_id == request.user.pk
    if not errors and is_owner and (filer := filer_fault(request.user, draft.filing)):
        errors = [{"target": "", "url": place_of(draft, filer[1]), "text": filer[0]}]
    context = {
        "draft": draft,
        "application": draft.application,
        "errors": list(errors),
        "has_errors": bool(errors),
        "open": [_point(draft, finding) for finding in draft.unmet],
        "promised": [
            finding for finding in findings if finding.failed and finding not in draft.unmet
        ],
        "notes": [finding for finding in findings if finding.passed and finding.detail],
        "passed": sum(finding.passed for finding in findings),
        "asks": sum(finding.asks for finding in findings),
        "standards": draft.standards,
        "sections": [answered(draft, section) for section in draft.form.sections],
        **written(request.user, draft),
        "minutes": flow.budget("total", draft.zone.settings, among=draft.filing.departments),
        "promise": commitment.if_filed_now(draft.application, draft.filing, draft.at),
    }
    return render(request, "applicants/check.html", context, status=status)


def _point(draft: Draft, finding: evaluation.StandardFinding) -> Point:
    keys = [key for key in finding.fields if key in FIELD]
    first = {FIELD[key].section: key for key in reversed(keys)}
    ways = sorted(first.values(), key=keys.index)
    places = [(place_of(draft, key), draft.form.label(key)) for key in ways]
    return Point(finding, places, [draft.form.label(key) for key in keys])


def answered(draft: Draft, section: Section) -> Answered:
    rows = []
    for field in draft.form.fields_of(section.key):
        if (value := _value(draft, field.key)) is not None:
            rows.append({"label": field.label, "value": value, "url": place_of(draft, field.key)})
    return Answered(
        section, rows, reverse("filing:page", args=[draft.application.number, section.key])
    )


def _value(draft: Draft, key: str) -> str | None:
    """A field's text for its own applicant, numbers masked; None where the question doesn't arise."""
    filing = draft.filing
    question, *answers = ONLY_IF.get(key, ("",))
    if question and filing.answer(question) not in answers:
        return None
    if key in GIVEN and not display.display(filing, key):
        return None
    if FIELD[key].section == "materials" and FIELD[key].name not in kinds_asked(draft):
        return None
    people = people_behind(filing, key)
    if people is not None:
        return "\n".join(_person(person, key == "shareholders.people") for person in people)
    text, own_mask = display.display(filing, key), FIELD[key].own_mask
    return own_mask(text) if own_mask and text else text


def _person(person, with_share: bool) -> str:
    number = person.uscc if person.is_legal else mask_id(person.id_number)
    parts = [person.name, number]
    if with_share and person.contribution_fen:
        parts.append(yuan(person.contribution_fen))
    return _(", ").join(part for part in parts if part)


@login_required
@never_cache
def submitted(request, ref):
    """The receipt: number and check code, what happens next and by when, how to ask."""
    application = own_application(request.user, ref)
    if not application.filing_number:
        return redirect("filing:tasks", ref=application.number)
    clocks = {
        clock.name: view(clock, now()) for clock in Clock.objects.filter(owner=application.uid)
    }
    context = {
        "application": application,
        "is_licensed": bool(application.licensed_at),
        "is_met": flow.meeting() in application.standards_versions,
        "clocks": clocks,
        "total": clocks.get("total"),
        "promise": commitment.of_case(application, clocks, now()),
    }
    return render(request, "applicants/submitted.html", context)
