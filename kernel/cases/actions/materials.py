"""The files that an applicant uploads, kept and taken out again."""

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from kernel.cases.actions.editing import editable, filing_of, saved, whole_filing
from kernel.cases.models import Application, Material
from kernel.core.certain import certain
from kernel.core.errors import Refused
from kernel.core.moment import now
from kernel.form import flow, id_copies
from kernel.form.id_copies import Place
from kernel.form.stored_files import StoredFile
from kernel.form.uploads import MOST_FILES, keeping

MOST_UPLOADED = 500 * 1024 * 1024  # bytes of all files of one person's drafts and cases under way


@transaction.atomic
def add_material(*, actor, application_id: int, kind: str, checked) -> Material:
    """Keep an uploaded file. `checked` is a `kernel.form.uploads.CheckedFile`: its type is known from its content.

    A file that is there already stays as it is and is not kept twice: a button was pressed again, or the file chosen
    again.
    Raises Refused where there are as many of its kind as there may be, and where no room is left for it; of an identity
    card, whose copies have a place for each side (`add_id_copy`).
    """
    application = editable(actor, application_id, "materials")
    if kind in id_copies.KINDS:
        raise Refused(_("Say whose identity card this is, and which side of it."))
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


@transaction.atomic
def add_id_copy(*, actor, application_id: int, place: str, checked, look: str = "") -> Material:
    """Keep one side of somebody's identity card in its place (`id_copies.Place.name`), instead of what was there.

    `look` is what it shows (`kernel.form.uploads.look`). Raises Refused where nobody is asked for it, where it has
    several pages, and where it is the picture of the other side.
    """
    application = editable(actor, application_id, "materials")
    file = StoredFile(checked.filename, checked.pages, checked.sha256, look=look)
    wanted = _fitting(application, place, file)
    there = _in_place(application, wanted)
    if there and there[0].sha256 == checked.sha256:
        return there[0]
    for material in there:
        remove(material)
    material = keep_file(
        application,
        wanted.kind,
        checked,
        person=wanted.person.uid,
        side=wanted.side.value,
        look=look,
    )
    saved(application)
    return material


@transaction.atomic
def place_id_copy(*, actor, application_id: int, uid: str, place: str) -> Material:
    """Put a copy that is in the case already, but in no place, where it belongs.

    Raises Refused as `add_id_copy` does, where something is there, and where the copy has been removed meanwhile.
    """
    application = editable(actor, application_id, "materials")
    material = application.materials.filter(uid=uid, kind__in=id_copies.KINDS).first()
    if material is None:
        raise Refused(_("This file has been removed. Load the page anew."))
    file = StoredFile(material.filename, material.pages, material.sha256, look=material.look)
    wanted = _fitting(application, place, file)
    if wanted.file is not None:
        raise Refused(
            _("%(place)s: a file is here already. Remove it first.") % {"place": wanted.called}
        )
    material.kind, material.person, material.side = (
        wanted.kind,
        wanted.person.uid,
        wanted.side.value,
    )
    material.save(update_fields=["kind", "person", "side"])
    saved(application)
    return material


def _fitting(application: Application, place: str, file: StoredFile) -> Place:
    """The place of this name, if the file may stand there. Raises Refused."""
    filing = whole_filing(application)
    wanted = id_copies.place_of(filing, place)
    if wanted is None:
        raise Refused(_("Nobody is asked for this any more. Load the page anew."))
    if file.pages != 1:
        raise Refused(
            _(
                "“%(name)s” has several pages: one side of the card belongs here. Save each side as a file of its own."
            )
            % {"name": file.name}
        )
    for other in id_copies.same_as(filing, place, file):
        if other.person.uid == wanted.person.uid:
            raise Refused(
                _(
                    "“%(name)s” is the same picture as the other side of the card of %(person)s. Take a picture of "
                    "this side, and upload that."
                )
                % {"name": file.name, "person": wanted.person.called}
            )
    return wanted


def _in_place(application: Application, place: Place) -> list[Material]:
    return list(
        application.materials.filter(
            kind=place.kind, person=place.person.uid, side=place.side.value
        )
    )


def keep_file(application: Application, kind: str, checked, **place) -> Material:
    """Store a checked file as a material of a case that the caller has locked; `place` is that of an ID copy. Raises
    Refused where its applicant has as much under way as one may."""
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
        **place,
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


def remove_id_copies(application: Application, person: str) -> None:
    """Take the copies of somebody's card out of a case that the caller has locked: the person leaves it."""
    for material in application.materials.filter(person=person):
        remove(material)


def hand_on_id_copies(application: Application, person: str, to: str) -> None:
    """Two entries were of one person: the copies of the card go to the entry that stays, where it has none."""
    taken = set(application.materials.filter(person=to).values_list("side", flat=True))
    for material in application.materials.filter(person=person):
        if material.side in taken:
            remove(material)
        else:
            material.person = to
            material.save(update_fields=["person"])


def follow_roles(application: Application) -> None:
    """Roles have changed in a case that the caller has locked: the copies of somebody's card are kept as what they are
    asked as now, which says who sees them. Those of who gives no card now stay as they are."""
    copies = list(application.materials.filter(person__isnull=False))
    if not copies:
        return
    asked = {person.uid: kind for person, kind in id_copies.people_asked(filing_of(application))}
    for material in copies:
        kind = asked.get(str(material.person), material.kind)
        if kind != material.kind:
            material.kind = kind
            material.save(update_fields=["kind"])


def remove(material: Material) -> None:
    """Its row now, its bytes once the transaction has committed."""
    storage, name = material.file.storage, certain(material.file.name)
    material.delete()
    transaction.on_commit(lambda: storage.delete(name), robust=True)
