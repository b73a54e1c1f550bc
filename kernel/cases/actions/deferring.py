"""Materials that follow later: the applicant undertakes it, an officer approves with it, then it comes and is accepted.

The clock of a promise runs from the approval until the material is accepted and rests while it lies with the officer.
"""

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext_lazy as _

from kernel.cases import deferrals, queries, rights, side_clocks
from kernel.cases.actions.editing import editable
from kernel.cases.actions.materials import keep_file
from kernel.cases.actions.texts import kept_text
from kernel.cases.locked_case import Case, locked_case
from kernel.cases.models import Deferral, Event, Stage
from kernel.core import rows
from kernel.core.certain import certain
from kernel.core.errors import Incomplete, NotAllowed, Refused, Stale
from kernel.core.moment import now
from kernel.form import filing, flow
from kernel.sla import clocks
from kernel.standards import evaluation, publishing, records

State = Deferral.State


@transaction.atomic
def ask_deferral(*, actor, application_id: int, standard: str, committed: bool) -> Deferral:
    """Undertake to supply later what a standard asks for. Asking twice does nothing more.

    Raises Refused where the standard can't wait, is met already, or who asks has broken a promise; Incomplete without
    the commitment.
    """
    application = editable(actor, application_id, "materials")
    rights.require_applicant(
        actor, application
    )  # who helps with a draft can't undertake anything for its owner
    at = now()
    typed = filing.read(
        application, application.people.all(), application.materials.all(), localdate(at)
    )
    numbers = application.standards_versions
    standards = (
        publishing.named(numbers)
        if numbers
        else publishing.current(localdate(at), typed.departments)
    )
    finding = {
        finding.standard.id: finding for finding in evaluation.evaluate(typed, standards)
    }.get(standard)
    if finding is None or not finding.standard.deferrable:
        raise Refused(_("This can't follow later: it has to be there before you submit."))
    if not finding.failed:
        raise Refused(_("The material is there already; nothing has to follow."))
    if barred := deferrals.bars(actor, typed, at):
        raise Refused(bar_sentence(barred[0]))
    if not committed:
        raise Incomplete(
            _("Tick the undertaking first: without it the material can't follow later.")
        )
    promised, _is_new = Deferral.objects.get_or_create(
        application=application,
        kind=deferrals.kind_of(finding.standard),
        defaults={"standard": standard, "asked_at": at},
    )
    return promised


@transaction.atomic
def take_back_deferral(*, actor, application_id: int, standard: str) -> None:
    """The applicant doesn't promise after all; what was approved stays."""
    application = editable(actor, application_id, "materials")
    rights.require_applicant(actor, application)
    application.deferrals.filter(standard=standard, state=State.ASKED).delete()


def bar_sentence(bar: deferrals.Bar) -> str:
    """Why somebody may not promise again."""
    return _(
        "Nothing can follow later for this filing until %(until)s: %(material)s, promised for case %(number)s, was not "
        "supplied by %(due)s. Upload the material before you submit."
    ) % {
        "until": date_format(localtime(bar.until), "DATE_FORMAT"),
        "material": deferrals.label(bar.deferral.kind),
        "number": bar.deferral.application.number,
        "due": date_format(localtime(bar.since), "DATE_FORMAT"),
    }


def to_follow(case: Case, stage: Stage) -> list[Deferral]:
    """The promises that a decision at this stage grants: their materials are missing and may follow.

    Raises Refused where there are none, or where whoever promised has broken a promise meanwhile.
    """
    asked = list(case.application.deferrals.filter(state=State.ASKED))
    standards = publishing.named(case.application.standards_versions)
    findings = evaluation.evaluate(case.filing, standards, department=stage.department)
    failing = {
        finding.standard.id
        for finding in findings
        if finding.failed and finding.standard.deferrable
    }
    following = [deferral for deferral in asked if deferral.standard in failing]
    if stage.department != flow.registrar() or not following:
        raise Refused(_("Nothing of this case is promised for later."))
    if barred := deferrals.bars(case.application.applicant, case.filing, case.at):
        raise Refused(bar_sentence(barred[0]))
    return following


def defer(case: Case, stage: Stage, following: list[Deferral]) -> None:
    """Start the clock of each promise that a decision grants."""
    application, zone = case.application, case.application.zone
    for deferral in following:
        deferral.clock = side_clocks.started(
            application,
            deferrals.clock_name(deferral.kind),
            deferrals.due_minutes(zone, case.at),
            case.at,
            zone.setting("warn_at_percent"),
        )
        rows.insert([deferral.clock])
        deferral.clock_id = deferral.clock.pk
        deferral.state, deferral.granted_at, deferral.granted_by = (
            State.GRANTED,
            case.at,
            case.actor,
        )
        deferral.promiser = deferrals.promiser_of(case.filing)
        deferral.asker = deferrals.asker_of(application)
        deferral.save()
        case.record(
            Event.Kind.DEFERRED,
            stage,
            standard=deferral.standard,
            material=deferral.kind,
            due_at=certain(deferral.clock.due_at).isoformat(),
        )
    case.following = following


def supply_deferred(*, actor, application_id: int, uid: str, files: list) -> Deferral:
    """The applicant supplies a material that was promised; `files` are `kernel.form.uploads.CheckedFile`s.

    Possible late as well. Raises Stale where it was supplied or accepted already, Incomplete without a file.
    """
    if not files:
        raise Incomplete(_("Choose at least one file."))
    with locked_case(application_id, actor) as case:
        rights.require_acting(actor, case.application, case.filing)
        promised = _promised(case, uid, State.GRANTED)
        for checked in files:
            keep_file(case.application, promised.kind, checked)
        case.catch_up(certain(promised.clock))
        clocks.pause(certain(promised.clock), case.at)
        promised.state, promised.supplied_at, promised.remedy = State.SUPPLIED, case.at, ""
        _keep(promised)
        case.record(
            Event.Kind.SUPPLIED,
            case.stage(flow.registrar()),
            material=promised.kind,
            files=len(files),
            officer=promised.granted_by_id,
        )
    return promised


def accept_deferred(
    *, actor, application_id: int, uid: str, confirmed: frozenset[str] = frozenset()
) -> Deferral:
    """An officer of the window finds the material in order and answers the questions that had to wait for it."""
    with locked_case(application_id, actor) as case:
        promised = _looked_at(case, uid, actor)
        open_ones = open_questions(case.application, promised)
        problems = [
            (_("%(standard)s is not confirmed yet.") % {"standard": standard.id}, standard.fields)
            for standard in open_ones
            if standard.id not in confirmed
        ]
        if problems:
            raise Incomplete(_("This can't be accepted yet."), problems)
        clocks.stop(certain(promised.clock), case.at)
        promised.state, promised.accepted_at = State.ACCEPTED, case.at
        _keep(promised)
        case.record(
            Event.Kind.ACCEPTED,
            case.stage(flow.registrar()),
            material=promised.kind,
            confirmed=sorted(standard.id for standard in open_ones),
        )
    return promised


def ask_again(*, actor, application_id: int, uid: str, remedy: str) -> Deferral:
    """An officer says what is still wrong with the material; its clock runs on."""
    remedy = kept_text(remedy, Deferral, "remedy")
    if not remedy:
        raise Incomplete(_("Say how to put it right."))
    with locked_case(application_id, actor) as case:
        promised = _looked_at(case, uid, actor)
        clocks.resume(certain(promised.clock), case.at)
        promised.state, promised.remedy = State.GRANTED, remedy
        _keep(promised)
        case.record(Event.Kind.ASKED_AGAIN, case.stage(flow.registrar()), material=promised.kind)
    return promised


def open_questions(application, promised: Deferral) -> list[records.Standard]:
    """What only a person can confirm of a promised material, and nobody has."""
    standards = publishing.named(application.standards_versions)
    answered = queries.confirmed(application, flow.registrar())
    return deferrals.questions_of(promised, standards, application.company_type, answered)


def _looked_at(case: Case, uid: str, actor) -> Deferral:
    if not rights.may_work(actor, case.stage(flow.registrar())):
        raise NotAllowed
    return _promised(case, uid, State.SUPPLIED)


def _promised(case: Case, uid: str, state: str) -> Deferral:
    deferral = (
        case.application.deferrals.select_related("clock").filter(uid=uid).first()
        if case.stages
        else None
    )
    if deferral is None or deferral.state != state or case.application.state == flow.REVOKED:
        raise Stale
    deferral.application = case.application
    return deferral


def _keep(promised: Deferral) -> None:
    rows.update([certain(promised.clock)], clocks.FIELDS)
    promised.save()
