"""The page of uploads. Any button uploads every file chosen on the page, so that none is lost."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from kernel.applicants import page_views
from kernel.applicants.draft import Draft, filled_draft
from kernel.applicants.id_copies import free, people, unplaced
from kernel.applicants.pages import PAGES
from kernel.applicants.pages.materials import kinds_asked
from kernel.cases import actions, deferrals
from kernel.cases.models import Material
from kernel.core.errors import Refused
from kernel.form import id_copies
from kernel.form.uploads import MOST_TOGETHER, check, look, shown_name, takes_files

PHOTO = "_photo"  # the second input of a kind, which opens the camera of a phone


@takes_files(MOST_TOGETHER)
@login_required
@never_cache
def page(request, ref, section):
    draft = filled_draft(request.user, ref)
    if section not in draft.editable:
        return page_views.locked(request, draft, section)
    if request.method != "POST":
        return _show(request, draft, PAGES[section](draft))
    refusals = _receive(request, draft) + _place(request, draft)
    if uid := request.POST.get("remove"):
        refusals += _try("", lambda: _remove(request, draft, uid))
    fresh = filled_draft(request.user, ref)
    going_on = "go" in request.POST
    form = PAGES[section](fresh, request.POST if going_on else None)
    if going_on and not refusals and form.is_valid():
        return page_views.go_on(request.user, fresh, section)
    return _show(request, fresh, form, refusals, status=422 if refusals or form.errors else 200)


def _receive(request, draft: Draft) -> list[tuple[str, Refused]]:
    """Check and keep every file of the request; what was refused comes back with its kind, or its place, or with
    neither where the page asks for it no more."""
    adding = {
        kind: partial(_add, request, draft, kind)
        for kind in kinds_asked(draft)
        if kind not in id_copies.KINDS
    }
    for place in id_copies.places(draft.filing):
        adding[place.name] = partial(_add_id_copy, request, draft, place)
    refusals = []
    for sent, uploads in request.FILES.lists():
        name = sent.removesuffix(PHOTO)
        for upload in uploads:
            add = partial(adding.get(name, _not_asked), upload)
            refusals += _try(name if name in adding else "", add)
    return refusals


def _not_asked(upload) -> None:
    """Another page has changed since this one was opened: whom the file is of, or what the company needs."""
    sentence = _(
        "“%(name)s” was not kept: what it was chosen for is not asked for any more. Look at what is asked for now, and "
        "choose it again where it belongs."
    )
    raise Refused(sentence % {"name": shown_name(upload)})


def _place(request, draft: Draft) -> list[tuple[str, Refused]]:
    """Put copies that stand in no place where the page says."""
    refusals = []
    for material, _called in unplaced(draft):
        if place := request.POST.get(f"place-{material.uid}"):
            given = {"application_id": draft.application.pk, "uid": str(material.uid)}
            refusals += _try(
                place,
                lambda given=given, place=place: actions.place_id_copy(
                    actor=request.user, **given, place=place
                ),
            )
    return refusals


def _try(kind: str, work) -> list[tuple[str, Refused]]:
    try:
        work()
    except Refused as refused:
        return [(kind, refused)]
    return []


def _add(request, draft: Draft, kind: str, upload) -> None:
    checked = check(upload)
    material = actions.add_material(
        actor=request.user, application_id=draft.application.pk, kind=kind, checked=checked
    )
    _say(request, draft, material, checked)


def _add_id_copy(request, draft: Draft, place, upload) -> None:
    checked = check(upload)
    material = actions.add_id_copy(
        actor=request.user,
        application_id=draft.application.pk,
        place=place.name,
        checked=checked,
        look=look(checked),
    )
    _say(request, draft, material, checked)


def _say(request, draft: Draft, material: Material, checked) -> None:
    if material.pk in {there.pk for there in draft.materials}:
        sentence = _("“%(name)s” is here already, so it was not kept a second time.")
        messages.info(request, sentence % {"name": material.filename})
    elif checked.note:
        messages.info(request, checked.note)


def _remove(request, draft: Draft, uid: str) -> None:
    if any(str(material.uid) == uid for material in draft.materials):
        actions.remove_material(actor=request.user, application_id=draft.application.pk, uid=uid)


def _show(request, draft: Draft, form, refusals=(), status=200):
    """Each kind with its files, what was refused, and what is still missing."""
    sentences: dict[str, list[str]] = {}
    for kind, refused in refusals:
        sentences.setdefault(kind, []).append(str(refused))
    told = [
        {"target": f"id_{kind.replace('.', '-')}" if kind else "", "text": text}
        for kind, texts in sentences.items()
        for text in texts
    ]
    errors = told + page_views.summary(form)
    return page_views.show(
        request,
        draft,
        "materials",
        form,
        status=status,
        kinds=_kinds(draft, form, sentences),
        unplaced=unplaced(draft),
        free=free(draft),
        repeated=id_copies.repeated(draft.filing),
        errors=errors,
        has_errors=bool(errors),
    )


def _kinds(draft: Draft, form, sentences: dict[str, list[str]]) -> list[dict]:
    missing = [
        finding for finding in draft.findings() if finding.failed and finding.standard.deferrable
    ]
    may_follow = {deferrals.kind_of(finding.standard): finding.standard.id for finding in missing}
    promised = {deferral.kind for deferral in draft.promised} if missing else set()
    return [
        {
            "field": form[kind],
            "name": kind,
            "refused": sentences.get(kind, []),
            "of_people": kind in id_copies.KINDS,
            "people": people(draft, kind, sentences) if kind in id_copies.KINDS else [],
            "files": [material for material in draft.materials if material.kind == kind],
            "may_follow": may_follow.get(kind, ""),
            "promised": kind in promised,
        }
        for kind in kinds_asked(draft)
    ]
