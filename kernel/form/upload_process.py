"""Opens one uploaded file, in a process with little memory and little time that `kernel.form.uploads` runs.

A file of a kilobyte can unfold to gigabytes; here it can cost nobody else anything. Standard library, pikepdf,
pypdfium2, Pillow and pi-heif alone: nothing of the project, none of its secrets. The file comes on the standard input,
what is to be kept of it leaves on the standard output, and the exit code says how it went. Of a check the first line
says what it is now: its type, its pages, and whether it was repaired or cleaned; nothing behind it means that it is
kept as it came.
"""

import json
import resource
import sys
import warnings
from io import BytesIO

DONE, LOCKED, UNREADABLE, TOO_LARGE, TOO_MUCH, CHANGED, NO_CHARACTER = 0, 3, 4, 5, 6, 7, 8
MEGABYTE = 1024 * 1024
MEMORY, OF_PDF = 768 * MEGABYTE, 256 * MEGABYTE  # bytes
PICTURES = ("JPEG", "PNG", "HEIF", "WEBP", "TIFF", "BMP", "GIF")
MOST_FRAMES = 100  # pages of a scan in one TIFF
PDF, MIME = "application/pdf", {"JPEG": "image/jpeg", "PNG": "image/png"}
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


def sound(content: bytes) -> bytes:
    """A PDF after all of its structure was read: repaired where a viewer would do so silently, and without what acts
    by itself (scripts, programs, other files in it). One with nothing to mend stays byte for byte."""
    import pikepdf

    begin = content.find(b"%PDF-", 0, 1024)
    if begin < 0:
        raise ValueError("no PDF")
    body, repaired = content[begin:], begin > 0
    try:
        pdf = pikepdf.open(BytesIO(body), attempt_recovery=False, suppress_warnings=True)
        pages = len(pdf.pages)
    except pikepdf.PasswordError:
        raise
    except pikepdf.PdfError:
        pdf = pikepdf.open(BytesIO(body), suppress_warnings=True)
        counted = int(
            pdf.Root.Pages.get("/Count", 0)
        )  # before the library mends it to what it finds
        pages, repaired = len(pdf.pages), True
        if counted != pages:  # half of a lease is none
            raise ValueError("pages are missing") from None
    for page in pdf.pages:
        _read(page.obj.get("/Contents"), repaired)
    cleaned = sum(map(_cleaned, [pdf.trailer, *pdf.objects]))
    target = BytesIO()
    if repaired or cleaned:
        pdf.save(target, encryption=False)
    return _told(PDF, pages, target.getvalue(), repaired=repaired, cleaned=bool(cleaned))


def _read(contents, must_be: bool) -> None:
    """Unfolds what a page says: an officer's viewer has to. Of a damaged file every page must still say something."""
    import pikepdf

    if must_be and not isinstance(contents, pikepdf.Stream | pikepdf.Array):
        raise ValueError("a page has lost what it says")
    for stream in contents if isinstance(contents, pikepdf.Array) else [contents]:
        if isinstance(stream, pikepdf.Stream):
            stream.read_bytes()


# What runs, opens or sends something by itself, wherever in a PDF it stands.
ACTS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition"}
ACTING = ("/AA", "/JS", "/JavaScript", "/EmbeddedFiles", "/XFA", "/AF", "/EF", "/RichMediaContent")
DEEPEST = 40


def _cleaned(thing, depth: int = 0) -> int:
    """Takes what acts out of an object and what stands directly in it; returns how much it was."""
    import pikepdf

    if depth > DEEPEST:
        raise ValueError("nested without end")
    if isinstance(thing, pikepdf.Array):
        return sum(_cleaned(part, depth + 1) for part in thing if not _apart(part))
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return 0
    taken_out = 0
    for name in [name for name in thing.keys() if name in ACTING]:
        del thing[name]
        taken_out += 1
    for name in ("/OpenAction", "/A", "/Next"):
        action = thing.get(name)
        if isinstance(action, pikepdf.Dictionary) and str(action.get("/S")) in ACTS:
            del thing[name]
            taken_out += 1
    return taken_out + sum(
        _cleaned(thing[name], depth + 1) for name in thing.keys() if not _apart(thing[name])
    )


def _apart(thing) -> bool:
    """Whether it is an object of its own, which is looked at by itself."""
    return bool(getattr(thing, "is_indirect", True))


def _told(kind: str, pages: int, content: bytes, **more: bool) -> bytes:
    return json.dumps({"type": kind, "pages": pages, **more}).encode() + b"\n" + content


def redrawn(content: bytes, form: str, most_pixels: int) -> bytes:
    """A picture upright, of 8 bits a colour and without metadata; compared with what came before it is kept. Kinds that
    not every viewer shows become a JPEG, a PNG where they are clear in part, and a PDF where a scan has several pages.
    """
    from PIL import Image, ImageOps

    with Image.open(BytesIO(content), formats=[form]) as picture:
        if form == "JPEG":  # a large one is decoded at half or a quarter of its size
            while picture.width * picture.height > most_pixels and _halved(picture):
                pass
        if picture.width * picture.height > most_pixels:
            raise TooLarge
        frames = 1 if form in ("JPEG", "HEIF") else getattr(picture, "n_frames", 1)
        if frames > 1 and form == "TIFF":
            return _pages_of(picture, frames)
        if frames > 1 and form != "PNG":
            raise Changed
        ImageOps.exif_transpose(picture, in_place=True)
        picture.load()
        target = form if form in MIME else "PNG" if picture.has_transparency_data else "JPEG"
        kept = _plain(picture, target)
        written_to = BytesIO()
        kept.save(written_to, target, **({"quality": 90} if target == "JPEG" else {}))
        del kept
        with Image.open(written_to, formats=[target]) as written:
            _compare(picture, written)
    return _told(MIME[target], 1, written_to.getvalue())


def _halved(picture) -> bool:
    before = picture.size
    picture.draft(None, (picture.width // 2, picture.height // 2))
    return picture.size != before


def _pages_of(picture, frames: int) -> bytes:
    """A scan of several pages as a PDF."""
    from PIL import ImageOps

    if frames > MOST_FRAMES:
        raise TooLarge

    def sheets():
        for frame in range(frames):
            picture.seek(frame)
            yield _plain(ImageOps.exif_transpose(picture), "JPEG")

    first, *others = sheets()
    target = BytesIO()
    first.save(target, "PDF", save_all=True, append_images=others, resolution=150, quality=90)
    return _told(PDF, frames, target.getvalue())


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


LONGEST_SIDE, MOST_ENLARGED = (
    1600,
    3.0,
)  # pixels of a drawn page; how much larger than at 72 dots an inch


def drawn(content: bytes, number: int) -> bytes:
    """A page of a PDF, counted from 0, with what was typed into the fields of its form, as a JPEG. Nothing of the file
    but its look is in it."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(content)
    pdf.init_forms()  # without it fields stay empty; this library is built without what runs scripts
    if not 0 <= number < len(pdf):
        raise ValueError("no such page")
    page = pdf[number]
    longest = max(page.get_size())
    if longest <= 0:
        raise ValueError("a page without a size")
    bitmap = page.render(scale=min(LONGEST_SIDE / longest, MOST_ENLARGED))
    target = BytesIO()
    bitmap.to_pil().convert("RGB").save(target, "JPEG", quality=82)
    return target.getvalue()


# A character as a path ------------------------------------------------------------------------------------------------

FINE = 240  # pixels of the longer side of a traced character
BOX = (
    12,
    -98,
    976,
    960,
)  # left, low, width and height of the face that its ink fills, in font units
INKED = (0.02, 0.75)  # the share of its face that the ink of a character covers
MOST_CORNERS = 6000  # more is dirt of a scan


class NoCharacter(Exception):
    """The picture shows no single dark character on a light ground."""


def traced(content: bytes) -> bytes:
    """The character in a picture as the path of an SVG, in font units with y upwards."""
    from PIL import Image, ImageFilter, ImageOps

    with Image.open(BytesIO(content), formats=["JPEG", "PNG"]) as picture:
        ImageOps.exif_transpose(picture, in_place=True)
        picture.thumbnail((2000, 2000))
        grey = ImageOps.autocontrast(_on_white(picture).convert("L"), cutoff=0.5)
    cut = _between(grey.histogram())
    ink = grey.filter(ImageFilter.MedianFilter(3)).point(lambda value: 255 * (value <= cut))
    if (box := ink.getbbox()) is None or max(box[2] - box[0], box[3] - box[1]) < 40:
        raise NoCharacter
    ink = ink.crop(box)
    ink.thumbnail((FINE, FINE))
    ink = ink.point(lambda value: 255 * (value > 127))
    share = sum(ink.histogram()[128:]) / (max(ink.size) ** 2)
    loops = _loops(ink)
    if not INKED[0] <= share <= INKED[1] or sum(map(len, loops)) > MOST_CORNERS:
        raise NoCharacter
    left, low, wide, high = BOX
    scale = min(wide / ink.width, high / ink.height)
    x, y = left + (wide - ink.width * scale) / 2, low + (high + ink.height * scale) / 2
    at = [[f"{x + a * scale:.0f},{y - b * scale:.0f}" for a, b in loop] for loop in loops]
    return "".join(f"M{'L'.join(loop)}Z" for loop in at).encode()


def _between(histogram: list[int]) -> int:
    """The grey between ink and ground (Otsu): where the two groups of pixels lie furthest apart."""
    whole, weighed = sum(histogram), sum(value * n for value, n in enumerate(histogram))
    best, level, dark, so_far = -1.0, 127, 0, 0
    for value, n in enumerate(histogram):
        dark, so_far = dark + n, so_far + value * n
        if not 0 < dark < whole:
            continue
        apart = so_far / dark - (weighed - so_far) / (whole - dark)
        if (spread := dark * (whole - dark) * apart * apart) > best:
            best, level = spread, value
    return level


def _loops(ink) -> list[list[tuple[int, int]]]:
    """The corners of the edge around each patch of ink, and the other way round of each hole."""
    pixels, width, height = ink.load(), ink.width, ink.height

    def dark(x: int, y: int) -> bool:
        return 0 <= x < width and 0 <= y < height and pixels[x, y] > 0

    onward: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for y in range(height):
        for x in range(width):
            if not dark(x, y):
                continue
            for beside, start, end in (
                ((x, y - 1), (x, y), (x + 1, y)),
                ((x + 1, y), (x + 1, y), (x + 1, y + 1)),
                ((x, y + 1), (x + 1, y + 1), (x, y + 1)),
                ((x - 1, y), (x, y + 1), (x, y)),
            ):
                if not dark(*beside):
                    onward.setdefault(start, []).append(end)
    loops = []
    while onward:
        begin = here = next(iter(onward))
        loop: list[tuple[int, int]] = []
        while True:
            ends = onward[here]
            there = ends.pop()
            if not ends:
                del onward[here]
            if len(loop) > 1 and _straight(loop[-2], loop[-1], here):
                loop.pop()
            loop.append(here)
            here = there
            if here == begin:
                break
        loops.append(loop)
    return loops


def _straight(first, second, third) -> bool:
    return first[0] == second[0] == third[0] or first[1] == second[1] == third[1]


def _limit(job: str) -> None:
    memory = OF_PDF if job == "PDF" else MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _opened(job: str, number: int, content: bytes) -> bytes:
    if job == "PDF":
        return sound(content)
    if job == "character":
        return traced(content)
    if job == "page":
        return drawn(content, number)
    return small(content, number) if job == "small" else redrawn(content, job, number)


def main(job: str, number: int) -> int:
    """`number` is the most pixels of a picture, the longest side of a small one, or which page is drawn."""
    import pikepdf
    import pypdfium2
    from PIL import Image

    if job == "HEIF":
        from pi_heif import register_heif_opener

        register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = 4 * number if job == "JPEG" else Image.MAX_IMAGE_PIXELS
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
    except NoCharacter:
        return NO_CHARACTER
    except (
        pikepdf.PdfError,
        pypdfium2.PdfiumError,
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        RecursionError,
    ):
        return UNREADABLE
    if len(kept) > MOST_OUT:
        return TOO_MUCH
    sys.stdout.buffer.write(kept)
    sys.stdout.buffer.flush()
    return DONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
