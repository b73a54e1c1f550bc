"""Who sees which drawing of a seal: the clean one is the engraver's alone, everybody else gets pixels with a mark."""

from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image, ImageChops, ImageColor

from kernel.accounts.models import Role
from kernel.cases import desks, issuing
from kernel.cases.models import Document
from seals.impressions import shapes
from seals.pictures import GREY, PIXELS, picture
from tests import driving, factories, officers
from tests.codes import BANKING, REGISTRATION, SEALS, TAX


@pytest.mark.django_db
def test_clean_drawings_are_the_engravers_alone(staff, zone):
    case = driving.carried(staff, (REGISTRATION, SEALS), zone=zone)
    everybody = {
        "engraver": staff[SEALS],
        "applicant": case.applicant,
        "supervisor": factories.supervisor(zone),
        "window": staff[REGISTRATION],
        "tax": staff[TAX],
        "bank": staff[BANKING],
        "administrator": factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone),
        "stranger": factories.UserFactory(),
        "neighbour": factories.officer(SEALS, factories.ZoneFactory(code="n")),
    }
    for kind in ("company", "finance", "invoice", "name"):
        pictured, drawn = set(), set()
        for who, user in everybody.items():
            browser, args = officers.browser(user), [case.number, kind]
            if browser.get(reverse("seals:picture", args=args)).status_code == 200:
                pictured.add(who)
            clean = browser.post(reverse("seals:artwork", args=[*args, "svg"]))
            if clean.get("Content-Type") == "image/svg+xml":
                drawn.add(who)
        assert (pictured, drawn) == ({"engraver", "applicant", "supervisor"}, {"engraver"})
    page = (
        officers.browser(case.applicant)
        .get(reverse("filing:tasks", args=[case.number]))
        .content.decode()
    )
    assert "company.png" in page and "artwork" not in page


@pytest.mark.django_db
def test_papers_hold_no_clean_drawing(staff, zone, settings):
    settings.SAMPLE_MARK = False
    case = driving.carried(staff, (REGISTRATION, SEALS), zone=zone)
    receipt = case.documents.get(kind="seal_receipt")
    assert not any("svg" in seal for seal in receipt.facts["seals"])
    drawn = desks.drawn(receipt)
    assert all(
        "data:image/png" in seal["svg"] and "<path" not in seal["svg"] for seal in drawn["seals"]
    )
    assert issuing.make(receipt).state == Document.State.READY


@pytest.mark.parametrize("kind", sorted(shapes()))
def test_the_mark_lies_across_the_ink(kind):
    shape = shapes()[kind]
    texts = ("云岫智能科技有限公司", "3703990028140", "91370399MAYX26K38U", "周砚秋")
    contents = [picture(shape, mark, *texts) for mark in ("仅供核对", "样样样样")]
    marked, other = (Image.open(BytesIO(content)).convert("RGBA") for content in contents)
    assert marked.size == (shape.width * PIXELS, shape.height * PIXELS)
    grey = sum(
        n for n, colour in marked.getcolors(1 << 20) if colour == (*ImageColor.getrgb(GREY), 255)
    )
    assert grey > 0.02 * marked.width * marked.height
    assert ImageChops.difference(
        marked.convert("RGB"), other.convert("RGB")
    ).getbbox()  # it says what it is to say
