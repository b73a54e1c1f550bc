"""The files that an applicant uploads, kept and taken out again."""

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from kernel.cases.actions.editing import editable, saved
from kernel.cases.models import Application, Material
from kernel.core.certain import certain
from kernel.core.errors import Refused
from kernel.core.moment import now
from kernel.form import flow
from kernel.form.uploads import MOST_FILES, keeping

MOST_UPLOADED = 500 * 1024 * 1024  # bytes of all files of one person's drafts and cases under way


@transaction.atomic
def add_material(*, actor, application_id: int, kind: str, checked) -> Material:
    """Keep an uploaded file. `checked` is a `kernel.form.uploads.CheckedFile`: its type is known from its content.

    A file that is there already stays as it is and is not kept twice: a button was pressed again, or the file chosen
    again.
    Raises Refused where there are as many of its kind as there may be, and where no room is left for it.
    """
    application = editable(actor, application_id, "materials")
    if there := application.materials.filter(kind=kind, sha256=checked.sha256).first():
        return there
    if application.materials.filter(kind=kind).count() >= MOST_FILES:
        raise Refused(
            _(
                "There are 20 files here already. Remove one first, or put several pages into one PDF."
            )
        )
    material = keep_file(application, kind, checked)
    saved(application)
    return material


def _require_space(application: Application, size: int) -> None:
    """For what the applicant has under way, whoever uploads: what is done is kept by law, and fills nobody's share."""
    under_way = Material.objects.filter(
        application__applicant=application.applicant_id,
        application__state__in=(flow.DRAFT, *flow.RUNNING_STATES),
    )
    if (under_way.aggregate(bytes=Sum("size"))["bytes"] or 0) + size > MOST_UPLOADED:
        sentence = _(
            "The files of your filings that are under way have %(most)s MB together already, and more is not kept. "
            "Remove some, or make them smaller."
        )
        raise Refused(sentence % {"most": MOST_UPLOADED // (1024 * 1024)})


def keep_file(application: Application, kind: str, checked) -> Material:
    """Store a checked file as a material of a case that the caller has locked. Raises Refused where its applicant has
    as much under way as one may."""
    _require_space(application, len(checked.content))
    material = Material(
        application=application,
        kind=kind,
        filename=checked.filename,
        content_type=checked.content_type,
        size=len(checked.content),
        pages=checked.pages,
        sha256=checked.sha256,
        uploaded_at=now(),
    )
    with keeping():
        material.file.save("", checked.as_file(), save=False)
    material.save()
    return material


@transaction.atomic
def remove_material(*, actor, application_id: int, uid: str) -> None:
    """Take an uploaded file out of the case; the bytes go once the transaction has committed."""
    application = editable(actor, application_id, "materials")
    for material in application.materials.filter(uid=uid):
        remove(material)
    saved(application)


def remove(material: Material) -> None:
    """Its row now, its bytes once the transaction has committed."""
    storage, name = material.file.storage, certain(material.file.name)
    material.delete()
    transaction.on_commit(lambda: storage.delete(name), robust=True)
