"""What every change of what was typed goes through: the case under lock, for who may write on a page that is open."""

import hashlib
import json

from django.utils.timezone import localdate

from kernel.cases import correcting, rights
from kernel.cases.agency import refusal
from kernel.cases.models import Application
from kernel.cases.queries import open_corrections, pinned_by
from kernel.core.errors import NotAllowed, Refused
from kernel.core.moment import now
from kernel.form import flow
from kernel.form.filing import Filing, read


def seen_mark(values: dict) -> str:
    """A short mark of what a page showed, to notice that somebody saved something else since."""
    return hashlib.sha256(
        json.dumps(values, sort_keys=True, ensure_ascii=False).encode()
    ).hexdigest()[:16]


def editable(actor, application_id: int, section: str) -> Application:
    """The case under lock, for who may write in it and if this page may be changed now."""
    application = writable(actor, application_id)
    require_open(actor, application, section)
    return application


def writable(actor, application_id: int) -> Application:
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("zone")
        .get(pk=application_id)
    )
    rights.require_filling(actor, application)
    return application


def require_open(
    actor, application: Application, section: str, filing: Filing | None = None
) -> None:
    if section not in open_sections(application):
        raise NotAllowed if application.state == flow.DRAFT else Refused
    if fault := rights.section_fault(actor, application, filing or filing_of(application), section):
        raise NotAllowed(refusal(fault))


def open_sections(application: Application) -> frozenset[str]:
    corrections = open_corrections(application)
    wrong = correcting.made_wrong(corrections, whole_filing(application)) if corrections else ()
    return rights.editable_sections(application, pinned_by(corrections), wrong)


def whole_filing(application: Application) -> Filing:
    """With the uploads, which `filing_of` leaves out."""
    people, materials = application.people.all(), application.materials.all()
    return read(application, people, materials, localdate(now()))


def filing_of(application: Application) -> Filing:
    return read(application, application.people.all(), (), localdate(now()))


def returned_fields(application: Application) -> dict[str, list[str]]:
    """The fields pinned by each department that waits for the applicant now."""
    return pinned_by(open_corrections(application))


_TYPED = [
    "answers",
    "company_type",
    "name",
    "name_claim",
    "name_reserved_until",
    "names_similar",
    "saved_at",
    "version",
]


def saved(application: Application) -> Application:
    application.saved_at = now()
    application.version += 1
    application.save(update_fields=_TYPED)
    return application
