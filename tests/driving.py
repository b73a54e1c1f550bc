"""Carrying a case through the departments by their desks and actions, as the officers do."""

import itertools
from concurrent.futures import ThreadPoolExecutor

from django.db import connections
from django.utils.timezone import localdate

from kernel.cases import actions, desks, founders_papers, issuing
from kernel.cases.models import Application, Document, Stage
from kernel.core.departments import SOON, at_work
from kernel.core.moment import now
from kernel.form import flow
from kernel.form.filing import read
from kernel.form.uploads import CheckedFile
from kernel.standards import evaluation, publishing
from seals import actions as seals
from seals import handing_over
from seals.models import IdentityPicture, Seal
from tests import factories
from tests.codes import BANKING, REGISTRATION, SEALS, SOCIAL_SECURITY, TAX

SENTENCE = "The lease ends before the company is founded: please upload the new one."
PINNED = {
    REGISTRATION: ["name.trade_name", "address.detail"],
    SEALS: ["seals.delivery"],
    TAX: ["tax.taxpayer_class"],
    SOCIAL_SECURITY: ["social_security.employee_count"],
    BANKING: ["bank.appointment"],
}
_serial = itertools.count(1)


def make_papers() -> None:
    """What the worker does with pending papers; in a thread of its own, since a browser's event loop runs in ours."""
    with ThreadPoolExecutor(1) as worker:
        worker.submit(_make_papers).result()


def make_papers_here() -> None:
    """The same within a test's own transaction, each paper tried once."""
    for _paper in range(Document.objects.filter(state=Document.State.PENDING).count()):
        issuing.make_next()


def _make_papers() -> None:
    try:
        while issuing.make_next():
            pass
    finally:
        connections.close_all()


def staff(zone) -> dict:
    """One officer for each desk, and the branch that the filings ask for."""
    factories.branch(zone)
    return {department: factories.officer(department, zone) for department in flow.departments()}


def confirmations(application: Application, department: str) -> frozenset[str]:
    """Every standard that a person answers, answered "met"."""
    materials = application.materials.all()
    filing = read(application, application.people.all(), materials, localdate(now()))
    standards = publishing.named(application.standards_versions)
    return evaluation.questions(filing, standards, department)


def work(department: str, officer, application: Application) -> Application:
    """Take the department's stage and do everything up to closing it."""
    return close(department, officer, application, take(department, officer, application))


def take(department: str, officer, application: Application) -> Stage:
    """Put the department's stage into the officer's hands; who has an appointment comes now."""
    given = {"actor": officer, "stage_id": factories.stage(application, department).pk}
    if department == BANKING and application.answers["bank"]["appointment"] != SOON:
        return actions.record_arrival(**given)
    return actions.take(**given)


def close(
    department: str, officer, application: Application, stage: Stage, round: int | None = None
) -> Application:
    """Close a stage that is in the officer's hands."""
    if department == SEALS:
        engrave(officer, application, stage)
    given = {"actor": officer, "stage_id": stage.pk, "round": round or stage.round}
    return desks.desk(department).close(
        **given, confirmed=confirmations(application, department), **granted(department)
    )


def engrave(officer, application: Application, stage: Stage) -> None:
    """Capture the identity and record each seal."""
    seals.capture_identity(
        actor=officer,
        stage_id=stage.pk,
        person=head(application),
        how="video",
        pictures=pictures(),
    )
    for kind in Seal.objects.filter(order=application.pk).values_list("kind", flat=True):
        seals.record_seal(actor=officer, stage_id=stage.pk, kind=kind, code=f"{next(_serial):013d}")


def pictures(*kinds: str) -> dict:
    """What an engraver photographs, as it was checked: by default all that can be asked for."""
    picture = CheckedFile("picture.jpg", b"\xff\xd8\xff", "image/jpeg", 1)
    return dict.fromkeys(kinds or IdentityPicture.Kind.values, picture)


def handed_over(officer, application: Application) -> None:
    """The set that is ready goes out by courier, and arrives."""
    case = {"actor": officer, "application_id": application.pk}
    handing_over.send(**case, carrier="sf", tracking_number=f"SF{application.pk:08}11")
    handing_over.record_end(**case, parcel=1, outcome="delivered")


def head(application: Application) -> str:
    """The uid of the legal representative, the investor or the operator."""
    filing = read(application, application.people.all(), (), localdate(now()))
    return filing.holder_of("legal_representative").uid


def signed(draft: Application, kind: str) -> Application:
    """The head of the company has signed one of the founders' papers as it reads now."""
    said = founders_papers.digests(founders_papers.standing(draft))[kind]
    given = {"said": said, "at": now().isoformat(), "digest": "ab" * 32}
    draft.answers = draft.answers | {"signatures": {head(draft): {kind: given}}}
    draft.save(update_fields=["answers"])
    return draft


def granted(department: str) -> dict:
    """What the officer enters."""
    number = f"{next(_serial):013d}"
    return {
        BANKING: {
            "number": f"62{number}",
            "basic_number": f"J{number}",
            "intent_verified": True,
        },
    }.get(department, {})


def carried(officers: dict, departments, company_type: str = "1130", **fields) -> Application:
    """A filed case that these departments have closed."""
    application = factories.filed(company_type, **fields)
    for department in departments:
        application = work(department, officers[department], application)
    return application


def completed(company_type: str = "1130", zone=None) -> Application:
    """A case carried to its end."""
    zone = zone or factories.ZoneFactory()
    return carried(staff(zone), at_work(zone.setting("departments")), company_type, zone=zone)


def at_desk(officers: dict, department: str, **fields) -> Application:
    """A case that has just come to a department's desk."""
    route = at_work(officers[department].zone.setting("departments"))
    return carried(officers, route[: route.index(department)], **fields)


def taken(officers: dict, department: str, **fields) -> Application:
    """A case that is in the hands of a department's officer."""
    application = at_desk(officers, department, **fields)
    take(department, officers[department], application)
    return application


def given_back(officers: dict, department: str, **fields) -> Application:
    """A case that a department has returned to its applicant."""
    application = taken(officers, department, **fields)
    standard = publishing.named(application.standards_versions).of(department)[0]
    stage = factories.stage(application, department)
    return actions.return_stage(
        actor=officers[department],
        stage_id=stage.pk,
        round=1,
        grounds=grounds(standard.id, PINNED[department]),
    )


def grounds(standard: str, fields, how: str = SENTENCE) -> list[dict]:
    """A standard cited for these fields, each with its remark."""
    return [{"standard": standard, "fields": [key], "how_to_fix": how} for key in fields]


def promised(**fields) -> Application:
    """A filed case whose proof of address is missing and promised for later."""
    draft = factories.draft(**fields)
    draft.materials.filter(kind="address_proof").delete()
    actor = {"actor": draft.applicant, "application_id": draft.pk}
    actions.ask_deferral(**actor, standard="R-02", committed=True)
    return factories.submit(**actor)


def deferred(officer, **fields) -> Application:
    """A case that was approved without its proof of address, which follows later."""
    case = promised(**fields)
    stage = take(REGISTRATION, officer, case)
    met = confirmations(case, REGISTRATION) - {"R-03"}
    return desks.desk(REGISTRATION).close(
        actor=officer, stage_id=stage.pk, round=stage.round, confirmed=met, deferring=True
    )
