"""Uploads are what they say they are, whole, and without what nobody should see."""

from io import BytesIO

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from registration import uploads
from registration.errors import Refused
from tests import factories
from tests.applicant import body


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
        2: turn.FLIP_LEFT_RIGHT, 3: turn.ROTATE_180, 4: turn.FLIP_TOP_BOTTOM, 5: turn.TRANSPOSE, 6: turn.ROTATE_90,
        7: turn.TRANSVERSE, 8: turn.ROTATE_270,
    }  # fmt: skip
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
    client.post(page, {"id_copies_photo": SimpleUploadedFile("IMG_0001.jpg", photo(6), "image/jpeg")})
    client.logout()
    client.force_login(application.applicant)
    kept = application.materials.get(content_type="image/jpeg")
    address = reverse("filing:picture", args=[application.ref, kept.uid])
    assert address in client.get(page).content.decode()
    with Image.open(BytesIO(body(client.get(address)))) as shown:
        assert shown.size == (60, 40)
    other = application.materials.filter(content_type="application/pdf").first()
    assert client.get(reverse("filing:picture", args=[application.ref, other.uid])).status_code == 404
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


@pytest.mark.parametrize("content", [pdf()[:300], picture()[:200], picture("PNG")[:60], b"%PDF-1.7\n" + b"x" * 500])
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
        ("x" * 300, "x" * uploads.LONGEST_NAME + ".pdf"),
    ],
)
def test_names_are_cleaned(name, shown):
    assert uploads.clean_name(name, "application/pdf") == shown
