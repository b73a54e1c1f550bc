"""Checking uploaded files: the type from the content, and the whole file read, before anything is kept.

A picture is turned upright and written anew without its metadata (place, camera, time); a PDF is opened by a full
parser. Nothing is believed of what the browser says about a file, and none is opened in this process: what it unfolds
to is held by a process of its own (`kernel.form.upload_process`).
"""

import hashlib
import json
import logging
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EDQUOT, ENOSPC, EROFS
from pathlib import PurePath
from threading import BoundedSemaphore

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kernel.core import written
from kernel.core.errors import NoRoom, Refused
from kernel.form import upload_process
from kernel.form.scanning import require_harmless

log = logging.getLogger(__name__)
MOST_BYTES = 10 * 1024 * 1024
MOST_TOGETHER = 100 * 1024 * 1024  # bytes of all the files that are sent at once
MOST_PIXELS = 50_000_000
MOST_PAGES = 100
MOST_FILES = 20  # of one kind
SMALL = 480  # pixels of the longer side of a picture that is shown where it was uploaded
LARGE = 1400  # of one that is compared with what was typed
LONGEST_NAME = 100  # characters
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
ENDING = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png"}
TAKEN = ("PDF", *upload_process.PICTURES)
# How a file of a kind begins, and what else stands in its head.
MARKS = (
    (b"\xff\xd8\xff", b"", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", b"", "PNG"),
    (b"RIFF", b"WEBP", "WEBP"),
    (b"II*\0", b"", "TIFF"),
    (b"MM\0*", b"", "TIFF"),
    (b"BM", b"\0\0\0\0", "BMP"),
    (b"GIF8", b"", "GIF"),
    (b"\xd0\xcf\x11\xe0", b"", "office"),
    (b"{\\rtf", b"", "office"),
    (b"Rar!", b"", "archive"),
    (b"7z\xbc\xaf", b"", "archive"),
    (b"\x1f\x8b", b"", "archive"),
)
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
PACKED = {
    b"OFD.xml": "ofd",
    b"[Content_Types].xml": "office",
    b"mimetypeapplication/vnd.oasis": "office",
}
NOT_TAKEN = gettext_noop(
    "“%(name)s” is neither a PDF nor a picture. Save it as one of these, or take a photo."
)
OTHERWISE = {
    "ofd": gettext_noop(
        "“%(name)s” is an OFD file. Open it in your OFD reader or WPS, choose “Export as PDF”, and upload the PDF."
    ),
    "office": gettext_noop(
        "“%(name)s” is a file of Word, Excel or WPS. Open it there, choose “Save as PDF”, and upload the PDF."
    ),
    "archive": gettext_noop(
        "“%(name)s” is an archive. Unpack it, and upload the PDFs and pictures in it."
    ),
    "film": gettext_noop("“%(name)s” is a film. Take a photo instead."),
}
MENDED = {
    "cleaned": gettext_noop(
        "Kept: “%(name)s”. Scripts, programs or other files that were in it have been taken out."
    ),
    "repaired": gettext_noop("Kept: “%(name)s”. It was damaged and has been repaired; look at it."),
}


@dataclass(frozen=True)
class CheckedFile:
    """A file as it is kept: `content` is what was checked, `sha256` its digest, `filename` fit to be shown, `note`
    what was done to it beyond redrawing."""

    filename: str
    content: bytes
    content_type: str
    pages: int
    note: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def as_file(self) -> ContentFile:
        return ContentFile(self.content)


def takes_files(most_bytes: int):
    """Marks a view that takes files, with how much one request may carry; every other takes a form without files."""

    def mark(view):
        view.most_bytes = most_bytes  # as `csrf_exempt` marks one: decorators carry it on
        return view

    return mark


def check(upload) -> CheckedFile:
    """Check an uploaded file. Raises Refused with a sentence that says what is wrong and what to do."""
    if upload.size > MOST_BYTES:
        raise Refused(
            _("“%(name)s” is larger than 10 MB. Make it smaller, or upload it in parts.")
            % _named(upload)
        )
    if not upload.size:
        raise Refused(_("“%(name)s” is empty. Choose the file again.") % _named(upload))
    content = upload.read()
    kind = kind_of(content)
    if kind not in TAKEN:
        raise Refused(_(OTHERWISE.get(kind, NOT_TAKEN)) % _named(upload))
    require_harmless(content, _named(upload))
    told, kept = _checked(kind, content, _named(upload))
    if not 1 <= told["pages"] <= MOST_PAGES:
        raise Refused(
            _("“%(name)s” has more than 100 pages, or none. Upload only the pages asked for.")
            % _named(upload)
        )
    note = next((sentence for what, sentence in MENDED.items() if told.get(what)), "")
    return CheckedFile(
        clean_name(upload.name, told["type"]),
        kept or content,
        told["type"],
        told["pages"],
        _(note) % _named(upload) if note else "",
    )


def _checked(kind: str, content: bytes, named: dict) -> tuple[dict, bytes]:
    """What a file is after its check, and what is kept of it instead, where that is something else."""
    answer, _line, kept = _unfolded(kind, MOST_PIXELS, content, named).partition(b"\n")
    return json.loads(answer), kept


def has_no_room(error: BaseException | None) -> bool:
    """Whether this says that a disk is full, can't be written to, or that our share of it is used up."""
    return isinstance(error, OSError) and error.errno in (ENOSPC, EROFS, EDQUOT)


@contextmanager
def keeping() -> Iterator[None]:
    """Within the block a file is stored: where there is no room for it, the person is told so."""
    try:
        yield
    except OSError as error:
        if not has_no_room(error):
            raise
        log.error("no room to keep a file", exc_info=True)
        raise NoRoom from error


def clean_name(name: str, kind: str) -> str:
    """The name without folders or invisible characters, with the ending of its real type."""
    stem = PurePath(unicodedata.normalize("NFC", name or "").replace("\\", "/")).stem
    visible = "".join(
        char for char in stem if unicodedata.category(char)[0] not in "CZ" or char == " "
    ).strip(" .")
    return f"{_shortened(visible) or 'file'}{ENDING[kind]}"


def shown_name(upload) -> str:
    """Its name as sentences quote it."""
    return _shortened(written.shown(PurePath(upload.name or "").name))


def _named(upload) -> dict:
    return {"name": shown_name(upload)}


def _shortened(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def kind_of(content: bytes) -> str:
    """What a file is by its own marks: one of TAKEN, a key of OTHERWISE, or nothing that is known."""
    if content.find(b"%PDF-", 0, 1024) >= 0:
        return "PDF"
    for begin, behind, kind in MARKS:
        if content.startswith(begin) and behind in content[:64]:
            return kind
    if content[4:8] == b"ftyp":
        return "HEIF" if content[8:12] in HEIF_BRANDS else "film"
    if content.startswith(b"PK"):
        return next((kind for name, kind in PACKED.items() if name in content), "archive")
    return ""


def small(stored) -> bytes:
    """A kept picture as a JPEG whose longer side is at most SMALL pixels; `stored` is its open file."""
    return _unfolded("small", SMALL, stored.read(), {"name": ""})


def page(stored, number: int) -> bytes:
    """A page of a kept PDF, counted from 0, as a JPEG drawn by us; `stored` is its open file. Raises Refused."""
    return _unfolded("page", number, stored.read(), {"name": ""})


def large(stored) -> bytes:
    """The same with at most LARGE pixels: to be read and compared. Raises Refused."""
    return _unfolded("small", LARGE, stored.read(), {"name": ""})


def look(checked: CheckedFile) -> str:
    """The digest of what the first page of a checked file shows: two files that differ beside it have the same.

    Raises Refused where it can't be drawn.
    """
    if checked.content_type != PDF:
        return checked.sha256  # of the picture as we drew it anew
    named = {"name": checked.filename}
    return hashlib.sha256(_unfolded("page", 0, checked.content, named)).hexdigest()


def character(upload) -> str:
    """The single character that an uploaded picture shows, as a path. Raises Refused."""
    if upload.size > MOST_BYTES or kind_of(content := upload.read()) not in ("JPEG", "PNG"):
        raise Refused(_("“%(name)s” is no JPEG or PNG picture of at most 10 MB.") % _named(upload))
    return _unfolded("character", 0, content, _named(upload)).decode()


# Opening a file apart -------------------------------------------------------------------------------------------------

AT_ONCE, PATIENCE, LONGEST_WAIT = (
    2,
    20,
    40,
)  # files that one web process has opened at a time; seconds
_turns = BoundedSemaphore(AT_ONCE)
BUSY = gettext_noop(
    "Many files are being checked at this moment. Upload “%(name)s” again in a minute."
)
SAID = {
    upload_process.LOCKED: gettext_noop(
        "“%(name)s” is protected by a password. Upload it without one."
    ),
    upload_process.NO_CHARACTER: gettext_noop(
        "“%(name)s” does not show one dark character on a light ground. Write it large and black on white paper, "
        "photograph it alone, and upload that."
    ),
    upload_process.TOO_LARGE: gettext_noop(
        "“%(name)s” has more than 50 million pixels. Make it smaller."
    ),
    upload_process.CHANGED: gettext_noop(
        "“%(name)s” can't be kept as it looks: its kind of colours is not known here. Save it as a JPEG or a PDF."
    ),
}
UNREADABLE = {
    "PDF": gettext_noop("“%(name)s” can't be read. Save it as a PDF again."),
    "picture": gettext_noop("“%(name)s” can't be read as a picture. Take or save it again."),
}
TOO_MUCH = gettext_noop(
    "“%(name)s” can't be checked: opening it takes far more memory or time than such a file should. Scan it or save it "
    "again in a usual way."
)


def _unfolded(job: str, number: int, content: bytes, named: dict) -> bytes:
    """What `kernel.form.upload_process` makes of a file, in a process with limits and without this one's environment.

    Raises Refused; also where other files keep it waiting too long.
    """
    if not _turns.acquire(timeout=PATIENCE):
        raise Refused(_(BUSY) % named)
    try:
        done = subprocess.run(  # noqa: S603 (our own program; of the upload it gets the bytes alone)
            [sys.executable, "-I", upload_process.__file__, job, str(number)],
            input=content,
            capture_output=True,
            timeout=LONGEST_WAIT,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refused(_(TOO_MUCH) % named) from None
    finally:
        _turns.release()
    if done.returncode == upload_process.DONE:
        return done.stdout
    raise Refused(_(_sentence(job, done)) % named)


def _sentence(job: str, done: subprocess.CompletedProcess) -> str:
    if done.returncode == upload_process.UNREADABLE:
        return UNREADABLE["PDF" if job in ("PDF", "page") else "picture"]
    if done.returncode not in (
        *SAID,
        upload_process.TOO_MUCH,
    ):  # ended by a limit, or by a fault of a library
        log.warning("an upload ended its reader: code %s, %s", done.returncode, done.stderr[-500:])
    return SAID.get(done.returncode, TOO_MUCH)
