"""What an officer opens of a PDF is what we drew of its pages; the file as it came is a second press away."""

import re
import zlib
from io import BytesIO

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image

from kernel.cases import actions
from kernel.cases.views import _page
from tests import driving, factories, officers
from tests.codes import REGISTRATION, TAX

pytestmark = pytest.mark.django_db


def pdf(pages: int = 2, contents: bytes = b"0 0 0 rg 100 100 200 300 re f") -> bytes:
    target = BytesIO()
    with pikepdf.new() as document:
        for _number in range(pages):
            page = document.add_blank_page(page_size=(595, 842))
            page.Contents = document.make_stream(contents)
        document.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)")
        )
        document.save(target)
    return target.getvalue()


@pytest.fixture
def case(zone, staff):
    """At the licence desk; its proof of address is a PDF of two pages with a black field."""
    _page.cache_clear()
    case = factories.filed(zone=zone)
    actions.take(actor=staff[REGISTRATION], stage_id=factories.stage(case, REGISTRATION).pk)
    keep(case, pdf())
    return case


@pytest.fixture
def zone():
    return factories.ZoneFactory()


@pytest.fixture
def staff(zone):
    return driving.staff(zone)


def keep(case, content: bytes) -> None:
    material = case.materials.get(kind="address_proof")
    material.file.save("", ContentFile(content), save=False)
    material.pages = 2
    material.save()


def address(case, name: str, *more) -> str:
    return reverse(
        f"files:{name}", args=[case.number, case.materials.get(kind="address_proof").uid, *more]
    )


def test_the_desk_leads_to_the_drawn_pages_and_they_to_the_file(case, staff):
    officer = officers.browser(staff[REGISTRATION])
    desk = officer.get(officers.address(REGISTRATION, "case", case.number)).content.decode()
    assert address(case, "pages") in desk and address(case, "material") + '"' not in desk
    shown = officer.get(address(case, "pages")).content.decode()
    assert address(case, "material") in shown
    drawn = re.findall(r'<img[^>]* src="([^"]+)"', shown)
    assert drawn == [address(case, "page", 1), address(case, "page", 2)]


def test_a_page_is_a_picture_with_what_the_page_shows_and_nothing_else(case, staff):
    answer = officers.browser(staff[REGISTRATION]).get(address(case, "page", 1))
    content = b"".join(answer.streaming_content)
    assert answer["Content-Type"] == "image/jpeg" and b"app.alert" not in content
    with Image.open(BytesIO(content)) as picture:
        assert picture.height == 1600
        grey = picture.convert("L")
        assert grey.getpixel((int(150 * 1600 / 842), 1600 - int(150 * 1600 / 842))) < 40
        assert grey.getpixel((20, 20)) > 220


def test_a_page_shows_what_was_typed_into_its_form(case, staff):
    target = BytesIO()
    with pikepdf.new() as document:
        look = document.make_stream(b"0 0 0 rg 0 0 200 300 re f")
        look.Type, look.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        look.BBox = [0, 0, 200, 300]
        field = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Tx,
                T=pikepdf.String("rent"),
                V=pikepdf.String("5000"),
                Rect=[100, 100, 300, 400],
                F=4,
                AP=pikepdf.Dictionary(N=look),
            )
        )
        document.add_blank_page(page_size=(595, 842)).Annots = pikepdf.Array([field])
        document.Root.AcroForm = pikepdf.Dictionary(Fields=[field])
        document.save(target)
    keep(case, target.getvalue())
    answer = officers.browser(staff[REGISTRATION]).get(address(case, "page", 1))
    with Image.open(BytesIO(b"".join(answer.streaming_content))) as picture:
        at = int(150 * 1600 / 842)
        assert picture.convert("L").getpixel((at, 1600 - at)) < 200


def test_who_may_not_see_the_file_sees_no_page(case, staff):
    stranger, tax = factories.UserFactory(), staff[TAX]
    for user in (stranger, tax):
        browser = officers.browser(user)
        for name, more in (("pages", ()), ("page", (1,)), ("material", ())):
            expected = browser.get(address(case, "material")).status_code
            assert browser.get(address(case, name, *more)).status_code == expected
    assert officers.browser(stranger).get(address(case, "page", 1)).status_code == 404
    officer = officers.browser(staff[REGISTRATION])
    for number in (0, 3, 10**9):
        assert officer.get(address(case, "page", number)).status_code == 404


def test_a_page_that_unfolds_without_end_costs_little_and_is_not_drawn(case, staff):
    fill = zlib.compress(b"q 1 0 0 1 1 1 cm " * 40_000_000, 9)
    target = BytesIO()
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(595, 842))
        page.Contents = pikepdf.Stream(document, fill, Filter=pikepdf.Name.FlateDecode)
        document.save(target, compress_streams=False)
    keep(case, target.getvalue())
    _page.cache_clear()
    answer = officers.browser(staff[REGISTRATION]).get(address(case, "page", 1))
    assert answer.status_code == 503 and "“" in answer.content.decode()
