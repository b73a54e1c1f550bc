"""Opens one uploaded file, in a process with little memory and little time that `kernel.form.uploads` runs.

A file of a kilobyte can unfold to gigabytes; here it can cost nobody else anything. Standard library, pikepdf and
Pillow alone: nothing of the project, none of its secrets. The file comes on the standard input, what is to be kept of
it leaves on the standard output, and the exit code says how it went.
"""

import resource
import sys
import warnings
from io import BytesIO

DONE, LOCKED, UNREADABLE, TOO_LARGE, TOO_MUCH, CHANGED = 0, 3, 4, 5, 6, 7
MEGABYTE = 1024 * 1024
MEMORY = {
    "PDF": 256 * MEGABYTE,
    "JPEG": 768 * MEGABYTE,
    "PNG": 768 * MEGABYTE,
    "small": 768 * MEGABYTE,
}  # bytes
SECONDS = 20  # of work: fifty million pixels on a busy machine take eight
MOST_OUT = 40 * MEGABYTE  # a picture written anew may grow, but not without end
SAMPLES = 256  # pixels a side that are compared
FAR, MOST_FAR = (
    64,
    0.004,
)  # of 256 greys; the share of pixels that the lossy writing of a JPEG may put so far off


class Changed(Exception):
    """What was written anew no longer shows what came."""


class TooLarge(Exception):
    """More pixels than are taken."""


def pages(content: bytes) -> bytes:
    """How many pages a PDF has, after all of its structure was read."""
    import pikepdf

    with pikepdf.open(BytesIO(content), attempt_recovery=False, suppress_warnings=True) as pdf:
        return str(len(pdf.pages)).encode()


def redrawn(content: bytes, form: str, most_pixels: int) -> bytes:
    """A picture upright, of 8 bits a colour and without metadata; compared with what came before it is kept."""
    from PIL import Image, ImageOps

    with Image.open(BytesIO(content), formats=[form]) as picture:
        if picture.width * picture.height > most_pixels:
            raise TooLarge
        ImageOps.exif_transpose(picture, in_place=True)
        picture.load()
        kept = _plain(picture, form)
        target = BytesIO()
        kept.save(target, form, **({"quality": 90} if form == "JPEG" else {}))
        del kept
        with Image.open(target, formats=[form]) as written:
            _compare(picture, written)
    return target.getvalue()


def _plain(picture, form: str):
    """The picture in a mode that every viewer shows. Of all that it carries only a fitting colour profile stays."""
    grey, profile = picture.mode in ("1", "L", "I", "I;16"), picture.info.get("icc_profile")
    if picture.mode in (
        "I",
        "I;16",
    ):  # 16 bits: Pillow's own conversion cuts each at 255, and a scan becomes white
        mode, plain = "L", picture.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    else:
        clear = form == "PNG" and picture.has_transparency_data
        mode = "RGBA" if clear else "L" if grey else "RGB"
        plain = picture if picture.mode == mode else picture.convert(mode)
    fits = profile and (picture.mode in ("RGB", "RGBA", "P") if mode != "L" else grey)
    plain.info = {"icc_profile": profile} if fits else {}
    return plain


def _compare(picture, written) -> None:
    """Raises Changed where more than a few pixels are far from those that came."""
    size = (min(picture.width, SAMPLES), min(picture.height, SAMPLES))
    pairs = zip(_greys(picture, size), _greys(written, size), strict=True)
    far = sum(abs(before - after) > FAR for before, after in pairs)
    if written.size != picture.size or far > MOST_FAR * size[0] * size[1]:
        raise Changed


def _greys(picture, size) -> list[int]:
    """Some of its pixels as they look on white paper, from 0 to 255. Of 16 bits the upper eight count."""
    from PIL import Image

    sampled = picture.resize(size, Image.Resampling.NEAREST)
    if sampled.mode in ("I", "I;16"):
        return [value >> 8 for value in sampled.get_flattened_data()]
    return list(_on_white(sampled).convert("L").get_flattened_data())


def _on_white(picture):
    from PIL import Image

    shown = picture.convert("RGBA")
    plain = Image.new("RGB", picture.size, "white")
    plain.paste(shown, mask=shown.getchannel("A"))
    return plain


def small(content: bytes, longest: int) -> bytes:
    """A kept picture as a JPEG whose longer side is at most `longest` pixels."""
    from PIL import Image

    with Image.open(BytesIO(content), formats=["JPEG", "PNG"]) as picture:
        picture.draft("RGB", (longest, longest))  # a JPEG is decoded no larger than is needed
        picture.thumbnail((longest, longest))
        target = BytesIO()
        _on_white(picture).save(target, "JPEG", quality=80)
    return target.getvalue()


def _limit(job: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY[job], MEMORY[job]))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _opened(job: str, number: int, content: bytes) -> bytes:
    if job == "PDF":
        return pages(content)
    return small(content, number) if job == "small" else redrawn(content, job, number)


def main(job: str, number: int) -> int:
    """`number` is the most pixels of a picture, or the longest side of a small one."""
    import pikepdf
    from PIL import Image

    _limit(job)
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        kept = _opened(job, number, sys.stdin.buffer.read())
    except pikepdf.PasswordError:
        return LOCKED
    except (TooLarge, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return TOO_LARGE
    except MemoryError:
        return TOO_MUCH
    except Changed:
        return CHANGED
    except (pikepdf.PdfError, OSError, SyntaxError, ValueError, EOFError, RecursionError):
        return UNREADABLE
    if len(kept) > MOST_OUT:
        return TOO_MUCH
    sys.stdout.buffer.write(kept)
    sys.stdout.buffer.flush()
    return DONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
