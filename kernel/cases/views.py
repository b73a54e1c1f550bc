"""Files of a case, served only through the one door."""

from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.db.models import Q
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import get_valid_filename
from django.views.decorators.cache import never_cache

from kernel.cases import reading, rights
from kernel.cases.access import access_application
from kernel.cases.models import Application, Document, Material, ThreadFile
from kernel.core import requested
from kernel.core.errors import Refused
from kernel.core.rates import at_most
from kernel.form.uploads import large, small
from kernel.form.uploads import page as drawn_page

PDF = "application/pdf"


@login_required
@never_cache
def material(request, ref, uid):
    """An upload, for those who may see it; never shown inside the browser's page."""
    upload = _upload(request, ref, uid)
    return _served(upload.file, upload.filename, upload.content_type, inline=False)


@login_required
@never_cache
def pages(request, ref, uid):
    """A PDF as an officer looks at it: each page drawn by us, so that nothing of the file itself runs in a viewer; the
    file as it came is a second press away."""
    upload = _upload(request, ref, uid)
    if upload.content_type != PDF:
        raise Http404
    context = {"upload": upload, "ref": ref, "numbers": range(1, upload.pages + 1)}
    return render(request, "cases/pages.html", context)


@login_required
@never_cache
def page(request, ref, uid, number):
    """One of these pages as a picture, counted from 1."""
    upload = _upload(request, ref, uid)
    if upload.content_type != PDF or not 1 <= number <= upload.pages:
        raise Http404
    return _drawn(f"{upload.uid}-{number}", _page, upload.file.name, number - 1)


@lru_cache(maxsize=64)
def _page(name: str, number: int) -> bytes:
    """Some 200 kB each; as `_small`."""
    with default_storage.open(name) as stored:
        return drawn_page(stored, number)


@login_required
@never_cache
def picture(request, ref, uid):
    """An uploaded picture, small, to be shown where it was uploaded."""
    return _picture(request, ref, uid, _small)


@lru_cache(maxsize=128)
def _small(name: str) -> bytes:
    """Made once in this process, some 30 kB each: what is kept under a name never changes."""
    with default_storage.open(name) as stored:
        return small(stored)


@login_required
@never_cache
def large_picture(request, ref, uid):
    """An uploaded picture, large enough to be read: where somebody compares it with what was typed."""
    return _picture(request, ref, uid, _large)


@lru_cache(maxsize=64)
def _large(name: str) -> bytes:
    """Some 200 kB each; as `_small`."""
    with default_storage.open(name) as stored:
        return large(stored)


def _picture(request, ref: str, uid, draw: Callable[[str], bytes]) -> HttpResponse | FileResponse:
    upload = _upload(request, ref, uid)
    if not upload.is_picture:
        raise Http404
    return _drawn(str(upload.uid), draw, upload.file.name)


def _drawn(called: str, draw: Callable[..., bytes], *arguments) -> HttpResponse | FileResponse:
    """A picture; where it can't be drawn now the page shows its text, and asks again when it is opened again."""
    try:
        content = draw(*arguments)
    except Refused as refused:
        return HttpResponse(str(refused), status=503, content_type="text/plain; charset=utf-8")
    return _served(BytesIO(content), f"{called}.jpg", "image/jpeg", inline=True)


def _upload(request, ref: str, uid) -> Material:
    """Raises Http404 for an upload that isn't there, and for one that the user may not see."""
    application = access_application(request.user, ref)
    upload = get_object_or_404(Material, application=application, uid=uid)
    reading.upload(request.user, application, upload)
    return upload


@login_required
@never_cache
def thread_file(request, ref, uid):
    """A file of a message, or of one that isn't sent yet."""
    application = access_application(request.user, ref)
    of_case = Q(message__application=application) | Q(draft__application=application)
    file = get_object_or_404(
        ThreadFile.objects.select_related("message", "draft"), of_case, uid=uid
    )
    reading.thread_file(request.user, application, file)
    return _served(file.file, file.filename, file.content_type, inline=False)


@login_required
@never_cache
def document(request, ref, uid):
    """A paper that was issued, shown in the browser; with ?save it is downloaded."""
    application = access_application(request.user, ref)
    paper = get_object_or_404(_ready(request.user, application), uid=uid)
    reading.papers(request.user, application, [paper])
    return _served(
        paper.file,
        _filename(application, paper),
        "application/pdf",
        inline=not requested.has(request, "save"),
    )


@at_most(60)
@login_required
@never_cache
def all_documents(request, ref):
    """Every paper of the case that is ready, in one archive; 404 where there is none to read."""
    application = access_application(request.user, ref)
    papers = list(_ready(request.user, application))
    if not papers:
        raise Http404
    reading.papers(request.user, application, papers)
    archive = BytesIO()
    with ZipFile(archive, "w", ZIP_STORED) as target:
        for paper in papers:
            with paper.file.open("rb") as source:
                target.writestr(_filename(application, paper), source.read())
    archive.seek(0)
    return _served(archive, f"{application.number}.zip", "application/zip", inline=False)


def _ready(user, application: Application):
    return rights.papers_for(user, application).filter(state=Document.State.READY)


def _filename(application: Application, paper: Document) -> str:
    return get_valid_filename(f"{application.number} {paper.get_kind_display()}") + ".pdf"


def _served(source, filename: str, content_type: str, inline: bool) -> FileResponse:
    opened = source.open("rb") if hasattr(source, "storage") else source
    response = FileResponse(
        opened, as_attachment=not inline, filename=filename, content_type=content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
