"""Uploads are what they say they are, whole, and without what nobody should see."""

import resource
import zlib
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from PIL import Image

from kernel.core.departments import departments
from kernel.core.errors import Refused
from kernel.form import upload_process, uploads
from tests import factories
from tests.applicant import body
from tests.house.test_tree import ROOT, tracked


def pdf(pages: int = 2, **options) -> bytes:
    target = BytesIO()
    with pikepdf.new() as document:
        for _page in range(pages):
            document.add_blank_page()
        document.save(target, **options)
    return target.getvalue()


def picture(kind: str = "JPEG", size=(40, 20), **options) -> bytes:
    target = BytesIO()
    Image.new("RGB", size, "white").save(target, kind, **options)
    return target.getvalue()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_pdf_is_kept_as_it_is_with_its_pages():
    content = pdf(3)
    checked = uploads.check(upload("lease.pdf", content))
    assert (checked.content_type, checked.pages, checked.content) == ("application/pdf", 3, content)
    assert len(checked.sha256) == 64
    assert checked.as_file().read() == content


@pytest.mark.parametrize(("kind", "mime"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
def test_pictures_are_accepted(kind, mime):
    checked = uploads.check(upload("card", picture(kind)))
    assert (checked.content_type, checked.pages) == (mime, 1)
    assert checked.filename == "card" + uploads.ENDING[mime]


def test_a_picture_is_turned_upright_and_loses_its_metadata():
    exif = Image.Exif()
    exif[0x0112] = 6  # lying on its side
    exif[0x010F] = "camera"
    checked = uploads.check(upload("card.jpg", picture(exif=exif)))
    with Image.open(BytesIO(checked.content)) as upright:
        assert upright.size == (20, 40)
        assert not dict(upright.getexif())
    assert b"camera" not in checked.content


def photo(orientation: int, form: str = "JPEG") -> bytes:
    """What a camera held at this EXIF orientation writes of a sheet with a dark corner at its top left."""
    lying = Image.new("RGB", (60, 40), "white")
    lying.paste("black", (0, 0, 20, 20))
    turn = Image.Transpose
    done = {
        2: turn.FLIP_LEFT_RIGHT,
        3: turn.ROTATE_180,
        4: turn.FLIP_TOP_BOTTOM,
        5: turn.TRANSPOSE,
        6: turn.ROTATE_90,
        7: turn.TRANSVERSE,
        8: turn.ROTATE_270,
    }
    lying = lying.transpose(done[orientation]) if orientation in done else lying
    exif, target = Image.Exif(), BytesIO()
    exif[0x0112], exif[0x010F] = orientation, "camera"
    more = {"save_all": True, "append_images": [lying.resize((6, 4))]} if form == "MPO" else {}
    lying.save(target, form, exif=exif, quality=95, **more)
    return target.getvalue()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_of_holding_the_camera_ends_upright(orientation):
    checked = uploads.check(upload("sheet.jpg", photo(orientation)))
    with Image.open(BytesIO(checked.content)) as shown:
        assert shown.size == (60, 40) and not dict(shown.getexif())
        dark, light = shown.convert("L").getpixel((8, 8)), shown.convert("L").getpixel((50, 32))
        assert dark < 60 and light > 200


def test_a_picture_with_others_inside_keeps_its_first():
    checked = uploads.check(upload("sheet.jpg", photo(6, "MPO")))
    with Image.open(BytesIO(checked.content)) as shown:
        assert (shown.size, shown.format, getattr(shown, "n_frames", 1)) == ((60, 40), "JPEG", 1)


@pytest.mark.django_db
def test_a_photo_is_shown_small_when_the_filing_is_resumed(client):
    application = factories.draft("1130")
    client.force_login(application.applicant)
    page = reverse("filing:page", args=[application.ref, "materials"])
    client.post(
        page, {"address_proof_photo": SimpleUploadedFile("IMG_0001.jpg", photo(6), "image/jpeg")}
    )
    client.logout()
    client.force_login(application.applicant)
    kept = application.materials.get(kind="address_proof", content_type="image/jpeg")
    address = reverse("files:picture", args=[application.ref, kept.uid])
    assert address in client.get(page).content.decode()
    with Image.open(BytesIO(body(client.get(address)))) as shown:
        assert shown.size == (60, 40)
    other = application.materials.filter(content_type="application/pdf").first()
    assert (
        client.get(reverse("files:picture", args=[application.ref, other.uid])).status_code == 404
    )
    client.force_login(factories.UserFactory())
    assert client.get(address).status_code == 404


def test_a_small_picture_of_a_large_transparent_one():
    target = BytesIO()
    Image.new("RGBA", (2000, 1000), (0, 0, 0, 0)).save(target, "PNG")
    with Image.open(BytesIO(uploads.small(BytesIO(target.getvalue())))) as shown:
        assert shown.size == (480, 240) and shown.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("card.jpg", b"GIF89a" + b"\0" * 40),
        ("letter.pdf", b"MZ" + b"\0" * 200),
        ("page.pdf", b"<html><script>alert(1)</script></html>"),
        ("card.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("text.pdf", b"only text"),
    ],
)
def test_other_types_are_refused_whatever_their_name(name, content):
    with pytest.raises(Refused, match=name):
        uploads.check(upload(name, content))


@pytest.mark.parametrize(
    "content", [pdf()[:300], picture()[:200], picture("PNG")[:60], b"%PDF-1.7\n" + b"x" * 500]
)
def test_half_a_file_is_refused(content):
    with pytest.raises(Refused):
        uploads.check(upload("half", content))


def test_a_pdf_with_a_password_is_refused():
    with pytest.raises(Refused):
        uploads.check(upload("locked.pdf", pdf(encryption=pikepdf.Encryption(owner="o", user="u"))))


def test_too_large_too_many_pages_too_many_pixels_and_empty(monkeypatch):
    with pytest.raises(Refused):
        uploads.check(upload("empty.pdf", b""))
    monkeypatch.setattr(uploads, "MOST_BYTES", 100)
    with pytest.raises(Refused):
        uploads.check(upload("large.pdf", pdf()))
    monkeypatch.undo()
    monkeypatch.setattr(uploads, "MOST_PAGES", 2)
    with pytest.raises(Refused):
        uploads.check(upload("long.pdf", pdf(3)))
    monkeypatch.setattr(uploads, "MOST_PIXELS", 100)
    with pytest.raises(Refused):
        uploads.check(upload("wide.png", picture("PNG")))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\lease.PDF", "lease.pdf"),
        ("a\u202egnp.exe", "agnp.pdf"),
        ("", "file.pdf"),
        ("x" * 300, "x" * (uploads.LONGEST_NAME - 1) + "….pdf"),
    ],
)
def test_names_are_cleaned(name, shown):
    assert uploads.clean_name(name, "application/pdf") == shown


@pytest.mark.parametrize(
    ("name", "quoted"),
    [
        ("lease.pdf", "“lease.pdf”"),
        ("x" * 300, "“" + "x" * (uploads.LONGEST_NAME - 1) + "…”"),
        ("a\u202egnp.exe", "“agnp.exe”"),
    ],
)
def test_a_sentence_quotes_a_name_that_turns_nothing_and_says_where_it_is_cut(name, quoted):
    with translation.override("en"), pytest.raises(Refused, match="empty") as refused:
        uploads.check(upload(name, b""))
    assert quoted in str(refused.value)


@pytest.fixture
def in_english():
    with translation.override("en"):
        yield


# What a file unfolds to ----------------------------------------------------------------------------------------------


def bomb(megabytes: int) -> bytes:
    """A sound PDF of about a kilobyte whose objects lie in a stream of this many megabytes of blanks, packed twice."""
    objects = [
        b"<</Type/Catalog/Pages 3 0 R>>",
        b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
        b"<</Type/Page/Parent 3 0 R/MediaBox[0 0 9 9]>>",
    ]
    starts = [sum(len(one) + 1 for one in objects[:place]) for place in range(len(objects))]
    index = b"".join(b"%d %d " % (number, start) for number, start in enumerate(starts, 2))
    packer = zlib.compressobj(9)
    once = packer.compress(index + b" ".join(objects))
    once += b"".join(packer.compress(b" " * 2**20) for _turn in range(megabytes)) + packer.flush()
    twice = zlib.compress(once, 9)
    head = b"%PDF-1.7\n"
    stream = (
        b"1 0 obj\n<</Type/ObjStm/N 3/First %d/Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n"
    )
    body = stream % (len(index), len(twice)) + twice + b"\nendstream\nendobj\n"
    at = len(head + body)
    rows = [(0, 0, 255), (1, len(head), 0), *((2, 1, place) for place in range(3)), (1, at, 0)]
    table = b"".join(
        bytes([kind]) + where.to_bytes(4, "big") + bytes([last]) for kind, where, last in rows
    )
    end = b"5 0 obj\n<</Type/XRef/Size 6/W[1 4 1]/Root 2 0 R/Length %d>>stream\n" % len(table)
    return head + body + end + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % at


def test_a_bomb_is_refused_and_costs_this_process_nothing():
    assert uploads.check(upload("small.pdf", bomb(1))).pages == 1, (
        "the way it is packed is not at fault"
    )
    content = bomb(300)
    assert len(content) < 2000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Refused, match="bomb.pdf"):
        uploads.check(upload("bomb.pdf", content))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024, "kB"


def test_no_file_is_opened_in_this_process():
    """The parsers are imported by the program that runs apart, and by what writes papers of our own."""
    apart = {
        "kernel/form/upload_process.py",
        "kernel/cases/issuing.py",
        "kernel/papers/documents.py",
        "kernel/papers/press.py",
    }
    apart |= {"portal/demo/applicants.py", "seals/pictures.py"}  # they draw their own
    tools = {"benchmarks", "script", "tests"}
    code = [path for path in tracked("*.py") if path.relative_to(ROOT).parts[0] not in tools]
    folders = {path.relative_to(ROOT).parts[0] for path in code}
    assert folders >= {found.urls.partition(".")[0] for found in departments()}
    found = {
        str(path.relative_to(ROOT))
        for path in code
        if any(
            f"{word} {name}" in path.read_text()
            for name in ("pikepdf", "PIL", "pypdf")
            for word in ("import", "from")
        )
    }
    assert found <= apart


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (-9, "memory or time"),
        (-11, "memory or time"),
        (1, "memory or time"),
        (upload_process.CHANGED, "looks"),
        (upload_process.LOCKED, "password"),
        (upload_process.UNREADABLE, "PDF again"),
    ],
)
def test_however_the_reading_ends_there_is_a_sentence(
    monkeypatch, in_english, tmp_path, code, said
):
    program = tmp_path / "ends.py"
    program.write_text(
        f"import os, signal\nos.kill(os.getpid(), {-code}) if {code} < 0 else os._exit({code})\n"
    )
    monkeypatch.setattr(upload_process, "__file__", str(program))
    with pytest.raises(Refused, match=said):
        uploads.check(upload("lease.pdf", pdf()))


def test_what_never_ends_is_ended(monkeypatch, in_english, tmp_path):
    program = tmp_path / "hangs.py"
    program.write_text("import signal\nsignal.pause()\n")
    monkeypatch.setattr(upload_process, "__file__", str(program))
    monkeypatch.setattr(uploads, "LONGEST_WAIT", 0.5)
    with pytest.raises(Refused, match="memory or time"):
        uploads.check(upload("lease.pdf", pdf()))


def test_only_a_few_are_opened_at_once(monkeypatch, in_english):
    monkeypatch.setattr(uploads, "PATIENCE", 0.01)
    for _turn in range(uploads.AT_ONCE):
        uploads._turns.acquire()
    try:
        with pytest.raises(Refused, match="in a minute"):
            uploads.check(upload("lease.pdf", pdf()))
    finally:
        for _turn in range(uploads.AT_ONCE):
            uploads._turns.release()
    assert uploads.check(upload("lease.pdf", pdf())).pages == 2


# What is written anew looks like what came ---------------------------------------------------------------------------

DARK, LIGHT = 0x20, 0xC0


def sheet(mode: str) -> Image.Image:
    """A light sheet with a dark corner at its top left, as pictures of this mode keep it."""
    if mode == "I;16":
        drawn = Image.new("I;16", (60, 40), LIGHT * 257)
        drawn.paste(DARK * 257, (0, 0, 20, 20))
        return drawn
    drawn = Image.new("L", (60, 40), LIGHT)
    drawn.paste(DARK, (0, 0, 20, 20))
    if mode == "1":
        return drawn.point(lambda value: 255 * (value > 99)).convert("1")
    if mode in ("LA", "RGBA"):
        drawn = drawn.convert(mode)
        drawn.paste((0,) * (len(mode)), (40, 0, 60, 20))  # nothing at all in the other corner
        return drawn
    return drawn.convert("RGB").quantize(4) if mode == "P" else drawn.convert(mode)


@pytest.mark.parametrize(
    ("mode", "form"),
    [
        *((mode, "PNG") for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")),
        *((mode, "JPEG") for mode in ("L", "RGB", "CMYK", "YCbCr")),
    ],
)
@pytest.mark.parametrize("orientation", [1, 6])
def test_every_mode_looks_as_it_came(mode, form, orientation):
    target, exif = BytesIO(), Image.Exif()
    exif[0x0112] = orientation
    drawn = sheet(mode)
    (drawn.transpose(Image.Transpose.ROTATE_90) if orientation == 6 else drawn).save(
        target, form, exif=exif
    )
    checked = uploads.check(upload("scan", target.getvalue()))
    with Image.open(BytesIO(checked.content)) as shown:
        assert (shown.size, shown.mode in ("L", "RGB", "RGBA")) == ((60, 40), True)
        on_white = Image.new("RGBA", shown.size, "white")
        on_white.alpha_composite(shown.convert("RGBA"))
        grey = on_white.convert("L")
    dark, light = (0, 255) if mode == "1" else (DARK, LIGHT)
    assert abs(grey.getpixel((8, 8)) - dark) < 8 and abs(grey.getpixel((30, 32)) - light) < 8
    if mode in ("LA", "RGBA"):
        assert grey.getpixel((50, 8)) == 255


def test_a_palette_with_a_clear_colour_stays_clear():
    target, drawn = BytesIO(), sheet("P")
    drawn.save(target, "PNG", transparency=drawn.getpixel((30, 32)))
    checked = uploads.check(upload("stamp.png", target.getvalue()))
    with Image.open(BytesIO(checked.content)) as shown:
        assert shown.getpixel((30, 32))[3] == 0 and shown.getpixel((8, 8))[3] == 255


def test_a_picture_that_does_not_come_out_as_it_went_in_is_refused(monkeypatch, tmp_path):
    """The comparison itself: with the conversion that turned 16-bit scans white, the scan is refused, not kept."""
    source = Path(upload_process.__file__).read_text()
    wrong = source.replace('.point(lambda value: value * (1 / 257)).convert("L")', '.convert("L")')
    assert wrong != source
    program = tmp_path / "unfolding.py"
    program.write_text(wrong)
    monkeypatch.setattr(upload_process, "__file__", str(program))
    target = BytesIO()
    sheet("I;16").save(target, "PNG")
    with pytest.raises(Refused, match="scan.png"):
        uploads.check(upload("scan.png", target.getvalue()))


def test_nothing_that_a_camera_wrote_of_itself_is_kept():
    target = BytesIO()
    Image.new("RGB", (40, 20), "white").save(
        target, "JPEG", comment=b"camera-comment", xmp=b"<x>camera-xmp</x>"
    )
    assert b"camera" in target.getvalue()
    assert b"camera" not in uploads.check(upload("card.jpg", target.getvalue())).content


# Kinds that people have, and PDFs that every viewer opens -------------------------------------------------------------


def saved(kind: str, mode: str = "RGB", **options) -> bytes:
    """A sheet with a dark corner."""
    sheet = Image.new("RGBA", (300, 200), (255, 255, 255, 90 if mode == "RGBA" else 255))
    sheet.paste((0, 0, 0, 255), (10, 10, 120, 120))
    target = BytesIO()
    (sheet if mode == "RGBA" else sheet.convert("RGB").convert(mode)).save(target, kind, **options)
    return target.getvalue()


@pytest.mark.parametrize(
    ("kind", "mode", "kept"),
    [
        ("WEBP", "RGB", "image/jpeg"),
        ("WEBP", "RGBA", "image/png"),
        ("TIFF", "L", "image/jpeg"),
        ("TIFF", "CMYK", "image/jpeg"),
        ("TIFF", "1", "image/jpeg"),
        ("BMP", "RGB", "image/jpeg"),
        ("GIF", "P", "image/jpeg"),
    ],
)
def test_kinds_that_not_every_viewer_shows_are_turned(kind, mode, kept):
    checked = uploads.check(upload("IMG_1." + kind.lower(), saved(kind, mode)))
    assert checked.content_type == kept
    assert checked.filename == "IMG_1" + uploads.ENDING[kept]
    with Image.open(BytesIO(checked.content)) as turned:
        grey = turned.convert("RGB").convert("L")
        assert grey.size == (300, 200) and grey.getpixel((60, 60)) < 40
        assert grey.getpixel((250, 150)) > 200 or mode == "RGBA"


def test_a_photo_of_an_iphone_is_turned():
    content = (Path(__file__).parent / "data" / "photo.heic").read_bytes()
    checked = uploads.check(upload("IMG_0001.HEIC", content))
    assert (checked.content_type, checked.filename) == ("image/jpeg", "IMG_0001.jpg")
    with Image.open(BytesIO(checked.content)) as turned:
        low, high = turned.convert("L").getextrema()
        assert high - low > 50


def test_a_scan_of_several_pages_becomes_a_pdf():
    target = BytesIO()
    sheets = [Image.new("L", (200, 300), 10 * number) for number in range(3)]
    sheets[0].save(target, "TIFF", save_all=True, append_images=sheets[1:])
    checked = uploads.check(upload("lease.tif", target.getvalue()))
    assert (checked.content_type, checked.pages) == ("application/pdf", 3)
    assert checked.filename == "lease.pdf"


def test_a_photo_of_108_million_pixels_is_made_smaller():
    target = BytesIO()
    Image.new("RGB", (12000, 9000), "white").save(target, "JPEG")
    checked = uploads.check(upload("card.jpg", target.getvalue()))
    with Image.open(BytesIO(checked.content)) as smaller:
        assert smaller.size == (6000, 4500)


def archive(name: str) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w") as packed:
        packed.writestr(name, "x")
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "way"),
    [
        ("licence.ofd", archive("OFD.xml"), "Export as PDF"),
        ("lease.docx", archive("[Content_Types].xml"), "Save as PDF"),
        ("lease.doc", b"\xd0\xcf\x11\xe0" + bytes(80), "Save as PDF"),
        ("all.zip", archive("lease.pdf"), "Unpack it"),
        ("all.rar", b"Rar!\x1a\x07" + bytes(80), "Unpack it"),
        ("card.mp4", b"\0\0\0\x18ftypmp42" + bytes(80), "Take a photo"),
        ("card.txt", b"hello", "neither a PDF nor a picture"),
    ],
)
def test_other_kinds_are_told_the_way(name, content, way, in_english):
    with pytest.raises(Refused, match=way):
        uploads.check(upload(name, content))


def text_pdf(pages: int = 2) -> bytes:
    with pikepdf.open(BytesIO(pdf(pages))) as document:
        for number, page in enumerate(document.pages):
            page.Contents = document.make_stream(b"BT (page %d) Tj ET" % number)
        target = BytesIO()
        document.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"\r\n" + content,
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: content + bytes(2000),
        lambda content: content[:-12],
        lambda content: content.replace(b"startxref\n", b"startxref\n1"),
    ],
)
def test_a_pdf_that_every_viewer_opens_is_repaired(damage, in_english):
    checked = uploads.check(upload("lease.pdf", damage(text_pdf())))
    assert checked.pages == 2
    with pikepdf.open(BytesIO(checked.content), attempt_recovery=False) as repaired:
        assert b"page 1" in repaired.pages[1].Contents.read_bytes()


def test_what_acts_by_itself_is_taken_out_of_a_pdf(in_english):
    with pikepdf.open(BytesIO(text_pdf())) as document:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        document.Root.OpenAction = script
        document.attachments["x.exe"] = b"MZ"
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Link,
            Rect=[0, 0, 9, 9],
            A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe")),
        )
        document.pages[0].Annots = pikepdf.Array([document.make_indirect(link)])
        document.pages[1].AA = pikepdf.Dictionary(O=script)
        target = BytesIO()
        document.save(target, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    checked = uploads.check(upload("lease.pdf", target.getvalue()))
    assert "taken out" in checked.note and checked.pages == 2
    for trace in (b"JavaScript", b"alert", b"x.exe", b"Launch", b"cmd.exe", b"EmbeddedFile "):
        assert trace not in checked.content
    with pikepdf.open(BytesIO(checked.content)) as cleaned:
        assert b"page 0" in cleaned.pages[0].Contents.read_bytes()


def test_a_pdf_whose_page_unfolds_without_end_is_refused(in_english):
    with pikepdf.open(BytesIO(pdf(1))) as document:
        page = document.make_stream(b"")
        packer = zlib.compressobj(9)
        packed = b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(600)), packer.flush()])
        page.write(packed, filter=pikepdf.Name.FlateDecode)
        document.pages[0].Contents = page
        target = BytesIO()
        document.save(target)
    with pytest.raises(Refused):
        uploads.check(upload("bomb.pdf", target.getvalue()))
