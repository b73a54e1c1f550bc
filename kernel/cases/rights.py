"""Who may do what with a case. Actions ask here; pages ask here before they offer a button."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from kernel.accounts.models import Role
from kernel.cases import deliveries, helping
from kernel.cases.agency import is_principal, power_fault, refusal
from kernel.cases.models import (
    Application,
    Document,
    Escalation,
    Material,
    Share,
    Stage,
    StraightApproval,
    ThreadFile,
)
from kernel.core.certain import certain
from kernel.core.errors import NotAllowed, Refused
from kernel.core.moment import now
from kernel.form import flow
from kernel.form.choices import AgentPower
from kernel.form.fields import FIELD, FIELDS
from kernel.form.filing import Filing, read


def may_work(user, stage: Stage) -> bool:
    """Whether the stage belongs to the officer's desk: department, zone and, where it is narrowed, branch."""
    own = stage.department in user.departments and user.zone_id == stage.zone_id
    return bool(own and (not user.unit or not stage.unit or user.unit == stage.unit))


def require_work(user, stage: Stage) -> None:
    """Raises NotAllowed."""
    if not may_work(user, stage):
        raise NotAllowed


def require_not_helped(officer, application: Application) -> None:
    """Nobody decides on what they filled in with its applicant at the counter. Raises Refused."""
    if helping.has_helped(officer, application):
        raise Refused(
            _("%(who)s worked on this filing at the counter, so somebody else decides on it.")
            % {"who": officer}
        )


def may_supervise(user, application: Application) -> bool:
    return user.holds(Role.SUPERVISOR) and user.zone_id == application.zone_id


def require_supervisor(user, application: Application) -> None:
    """Raises NotAllowed."""
    if not may_supervise(user, application):
        raise NotAllowed


def may_keep_licences(user, application: Application) -> bool:
    """Whether the user may issue the licence anew or revoke it: the zone's registrars and its supervisor."""
    registrar = flow.registrar() in user.departments and user.zone_id == application.zone_id
    return registrar or may_supervise(user, application)


def require_licence_keeper(user, application: Application) -> None:
    """Raises NotAllowed."""
    if not may_keep_licences(user, application):
        raise NotAllowed


def needs_data(user, application: Application, stage: Stage) -> bool:
    """Whether an officer's work at a stage may need personal data: while it is in the officer's hands, and for all of
    the desk while a parcel with what it made has still to be sent."""
    if not may_work(user, stage):
        return False
    if stage.state in flow.AT_WORK:
        return stage.holder_id == user.pk
    return stage.state == flow.DONE and deliveries.is_to_be_sent(application, stage.department)


def is_at_work(user, application: Application) -> bool:
    """Whether the case is in an officer's hands: a stage that they hold, a parcel that their desk has still to send, or
    an after-audit that waits for the window."""
    if not user.departments or user.zone_id != application.zone_id:
        return False
    stages = [stage for stage in application.stages.all() if may_work(user, stage)]
    if any(is_in_hand(user, application, stage) for stage in stages):
        return True
    waiting = StraightApproval.objects.filter(application=application, drawn=True, looked_at=None)
    return any(stage.department == flow.registrar() for stage in stages) and waiting.exists()


def is_in_hand(user, application: Application, stage: Stage) -> bool:
    """Whether the officer holds the stage, also while its applicant corrects something, or has a parcel to send."""
    holds = stage.holder_id == user.pk and stage.state in flow.UNDER_WAY and may_work(user, stage)
    return holds or needs_data(user, application, stage)


APPLICANT_PHONE = "applicant.phone"  # of the account; the form has none like it


def require_reveal(
    user, application: Application, stage: Stage | None, fields: Collection[str]
) -> None:
    """Whether `user` may be shown these personal fields in full: an officer those that the desk uses, while the work
    needs them; a supervisor the phone of the applicant. Raises NotAllowed."""
    if set(fields) == {APPLICANT_PHONE}:
        return require_supervisor(user, application)
    if (
        stage is None
        or not needs_data(user, application, stage)
        or not fields
        or not all(
            key in FIELD and certain(stage).department in FIELD[key].used_by for key in fields
        )
    ):
        raise NotAllowed


def may_explain(user, application: Application) -> bool:
    """Whether somebody may say why any clock of the case went over: its supervisor, and the next level."""
    return user.holds(Role.SUPERVISOR, Role.ADMINISTRATOR) and user.zone_id == application.zone_id


def may_answer(user, application: Application, asked: Escalation, at: datetime) -> bool:
    """Whether somebody may answer what a window asked: the zone's supervisor, and once the answer is overdue the next
    level."""
    if may_supervise(user, application):
        return True
    level = application.zone.setting("breach_next_level")
    return asked.is_overdue(at) and user.holds(level) and user.zone_id == application.zone_id


def require_answering(user, application: Application, asked: Escalation, at: datetime) -> None:
    """Raises NotAllowed."""
    if not may_answer(user, application, asked, at):
        raise NotAllowed


def require_applicant(user, application: Application) -> None:
    """Raises NotAllowed."""
    if application.applicant_id != user.pk:
        raise NotAllowed(
            _("Only the applicant can do this. Who works on the filing with them fills in pages.")
        )


def require_acting(user, application: Application, filing: Filing) -> None:
    """The applicant, who in a filed case acts as a founder or while the power of attorney lasts. Raises NotAllowed."""
    require_applicant(user, application)
    if fault := acting_fault(user, application, filing):
        raise NotAllowed(refusal(fault))


def acting_fault(user, application: Application, filing: Filing) -> str | None:
    """Why the power of attorney keeps `user` from acting in a filed case; a draft is nobody's act yet."""
    return power_fault(user, filing) if application.state != flow.DRAFT else None


def section_fault(user, application: Application, filing: Filing, section: str) -> str | None:
    """Why the power of attorney keeps `user` from changing a page of a filed case; who helps at the counter may what
    the visitor may."""
    if application.state == flow.DRAFT:
        return None
    user = helping.acts_for(user, application)
    if section == "agent" and filing.has_agent and not is_principal(user, filing):
        return _("Once the case is filed, only a founder changes the power of attorney.")
    return power_fault(
        user, filing, AgentPower.AMEND if section == "materials" else AgentPower.CORRECT
    )


def is_shared_with(user, application: Application) -> bool:
    """Whether the applicant let `user` work on the case."""
    return Share.objects.filter(
        application=application, user=user, state=Share.State.ACCEPTED
    ).exists()


def require_writer(user, application: Application) -> None:
    """Raises NotAllowed for everybody but the applicant and who was let in; neither submits for the other."""
    if application.applicant_id != user.pk and not is_shared_with(user, application):
        raise NotAllowed


def require_filling(user, application: Application) -> None:
    """Who fills in pages: also who helps the applicant at the counter, who writes to no desk. Raises NotAllowed."""
    if helping.helping(user, application) is None:
        require_writer(user, application)


def papers_for(user, application: Application) -> QuerySet[Document]:
    """The papers of a case that `user`, who may see the case, may read.

    The applicant and the supervisor read all of them, and so does a founder who was let in; an agent without the power
    to collect them reads the receipt alone. An officer reads what registration issued, which every desk reuses, and
    their own desk's; who helps at the counter prints the receipt. An administrator keeps the service and reads none.
    """
    papers = Document.objects.filter(application=application)
    if user.holds(Role.APPLICANT):
        filing = read(application, application.people.all(), (), localdate(now()))
        if application.applicant_id == user.pk:
            kept = power_fault(user, filing, AgentPower.COLLECT)
            return papers.filter(kind=Document.Kind.RECEIPT) if kept else papers
        return (
            papers
            if is_shared_with(user, application) and is_principal(user, filing)
            else papers.none()
        )
    if may_supervise(user, application):
        return papers
    if user.holds(Role.HELPER) and helping.helping(user, application):
        return papers.filter(kind=Document.Kind.RECEIPT)
    return (
        papers.filter(department__in=[flow.registrar(), *user.departments])
        if user.departments
        else papers.none()
    )


def may_see_upload(user, application: Application, material: Material) -> bool:
    """Whether `user`, who may see the case, may open the upload: its applicant, an officer of a desk that uses its kind
    while at work on the case, who helps its applicant at the counter, and a supervisor while a question of the window
    about it waits for an answer."""
    if application.applicant_id == user.pk or (
        user.holds(Role.APPLICANT, Role.HELPER) and is_shared_with(user, application)
    ):
        return True
    if may_supervise(user, application):
        return Escalation.objects.waiting().filter(stage__application=application).exists()
    field = FIELD.get(f"materials.{material.kind}")
    used = field is not None and not set(field.used_by).isdisjoint(user.departments)
    if used and is_at_work(user, application):
        return True
    return helping.helping(user, application) is not None


def may_see_thread_file(user, application: Application, file: ThreadFile) -> bool:
    """Whether `user`, who may see the case, may open a file of a message: its applicant's side, an officer at work on
    the case or of the desk that the message is of, the supervisor; one that isn't sent its author alone."""
    if file.message is None:
        return file.draft is not None and file.draft.author_id == user.pk
    if user.holds(Role.APPLICANT) or may_supervise(user, application):
        return True
    return file.message.department in user.departments or is_at_work(user, application)


def pinnable(department: str) -> tuple[str, ...]:
    """The fields that a department may ask to correct: what it uses, and, once the licence is out, not what the
    licence stands on (that would be a change of registration)."""
    used = [field for field in FIELDS if department in field.used_by]
    if department == flow.registrar():
        return tuple(field.key for field in used)
    return tuple(
        f.key for f in used if flow.registrar() not in f.used_by or f.section == "materials"
    )


def editable_sections(
    application: Application, returned: dict[str, list[str]], made_wrong: Collection[str] = ()
) -> frozenset[str]:
    """The sections that the applicant may change now: of a draft all, of a case that was returned the pinned ones.

    `returned` maps each department that waits for the applicant to the fields it pinned; `made_wrong` are the fields
    that their correction has made wrong besides (`kernel.cases.correcting`).
    """
    if application.state == flow.DRAFT:
        return frozenset(field.section for field in FIELDS)
    keys = {key for pinned in returned.values() for key in pinned} | set(made_wrong)
    return frozenset(FIELD[key].section for key in keys if key in FIELD)
