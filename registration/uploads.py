"""Checking uploaded files: the type from the content, and the whole file read, before anything is kept.

A picture is turned upright and written anew without its metadata (place, camera, time); a PDF is opened by a full
parser. Nothing is believed of what the browser says about a file.
"""

import hashlib
import logging
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EDQUOT, ENOSPC, EROFS
from io import BytesIO
from pathlib import PurePath

import pikepdf
import puremagic
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from registration.errors import NoRoom, Refused

log = logging.getLogger(__name__)
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
MOST_PAGES = 100
MOST_FILES = 20  # of one kind
LONGEST_NAME = 100  # characters
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
ENDING = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png"}
PICTURE = {JPEG: "JPEG", PNG: "PNG"}


@dataclass(frozen=True)
class CheckedFile:
    """A file as it is kept: `content` is what was checked, `sha256` its digest, `filename` fit to be shown."""

    filename: str
    content: bytes
    content_type: str
    pages: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def as_file(self) -> ContentFile:
        return ContentFile(self.content)


def check(upload) -> CheckedFile:
    """Check an uploaded file. Raises Refused with a sentence that says what is wrong and what to do."""
    if upload.size > MOST_BYTES:
        raise Refused(_("“%(name)s” is larger than 10 MB. Make it smaller, or upload it in parts.") % _named(upload))
    if not upload.size:
        raise Refused(_("“%(name)s” is empty. Choose the file again.") % _named(upload))
    content = upload.read()
    kind = _type_of(content)
    if kind not in ENDING:
        raise Refused(
            _("“%(name)s” is neither a PDF nor a JPEG or PNG picture. Save it as one of these, or take a photo.")
            % _named(upload)
        )
    if kind == PDF:
        pages = _pages(content, upload)
    else:
        content, pages = _redrawn(content, kind, upload), 1
    return CheckedFile(clean_name(upload.name, kind), content, kind, pages)


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
    visible = "".join(char for char in stem if unicodedata.category(char)[0] not in "CZ" or char == " ").strip(" .")
    return f"{visible[:LONGEST_NAME] or 'file'}{ENDING[kind]}"


def _named(upload) -> dict:
    return {"name": PurePath(upload.name or "").name[:LONGEST_NAME]}


def _type_of(content: bytes) -> str:
    """The MIME type by the content's own marks; empty when nothing known."""
    try:
        return puremagic.from_string(content[:4096], mime=True)
    except (puremagic.PureError, ValueError):
        return ""


def _pages(content: bytes, upload) -> int:
    try:
        with pikepdf.open(BytesIO(content), attempt_recovery=False) as pdf:
            pages = len(pdf.pages)
    except pikepdf.PasswordError:
        raise Refused(_("“%(name)s” is protected by a password. Upload it without one.") % _named(upload)) from None
    except (pikepdf.PdfError, ValueError, RecursionError):
        raise Refused(_("“%(name)s” can't be read. Save it as a PDF again.") % _named(upload)) from None
    if not 1 <= pages <= MOST_PAGES:
        raise Refused(
            _("“%(name)s” has more than 100 pages, or none. Upload only the pages asked for.") % _named(upload)
        )
    return pages


def _redrawn(content: bytes, kind: str, upload) -> bytes:
    """The picture upright and without metadata."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=[PICTURE[kind]]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise Refused(_("“%(name)s” has more than 50 million pixels. Make it smaller.") % _named(upload))
                return _saved(ImageOps.exif_transpose(picture), kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(_("“%(name)s” has more than 50 million pixels. Make it smaller.") % _named(upload)) from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise Refused(_("“%(name)s” can't be read as a picture. Take or save it again.") % _named(upload)) from None


def small(stored, longest: int = 480) -> bytes:
    """A kept picture as a JPEG whose longer side is at most `longest` pixels; `stored` is its open file."""
    with Image.open(stored, formats=[*PICTURE.values()]) as picture:
        picture.draft("RGB", (longest, longest))  # a JPEG is decoded no larger than is needed
        picture.thumbnail((longest, longest))
        plain = Image.new("RGB", picture.size, "white")
        shown = picture.convert("RGBA")
        plain.paste(shown, mask=shown.getchannel("A"))
    target = BytesIO()
    plain.save(target, "JPEG", quality=80)
    return target.getvalue()


def _saved(picture: Image.Image, kind: str) -> bytes:
    target = BytesIO()
    if kind == PNG:
        mode = "RGBA" if picture.has_transparency_data else "L" if picture.mode in ("1", "L") else "RGB"
        picture.convert(mode).save(target, "PNG")
    else:
        picture.convert("L" if picture.mode == "L" else "RGB").save(target, "JPEG", quality=90)
    return target.getvalue()
