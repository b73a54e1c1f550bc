"""A company whose business is approved before it is registered, as its founder fills it in, up to the submit."""

import re
from datetime import date

import pytest
from django.urls import reverse

from kernel import catalogue
from tests import factories
from tests.applicant import lease, page, stored, text
from tests.factories import MORNING

GUARDING = "L2049"
NUMBER = "LGBF 20260001"


@pytest.fixture
def ref(web, applicant) -> str:
    """A draft that is ready but for its scope: it turns to guarding, which the police approve first."""
    return str(factories.draft(applicant=applicant).ref)


def scope(web, ref: str, **more):
    values = {"industry": "7271", "items": [GUARDING], **more}
    return web.post(page(ref, "scope"), values, follow=True)


def faults(web, ref: str) -> str:
    return text(web.get(reverse("filing:check", args=[ref])))


def test_it_says_so_before_anything_is_chosen(web, ref):
    item = catalogue.scope_items[GUARDING]
    look = reverse("filing:scope-look", args=[ref])
    shown = text(
        web.post(
            look,
            {"items_q": catalogue.scope_items[GUARDING].name_zh},
            headers={"HX-Request": "true"},
        )
    )
    assert item.name in shown and str(item.approval) in shown and item.approval.by in shown


def test_the_number_is_asked_for_as_soon_as_the_item_is_ticked(web, ref):
    hidden = 'id="if_approval" hidden'
    assert hidden in text(web.get(page(ref, "scope")))
    saved = web.post(
        reverse("filing:autosave", args=[ref, "scope"]),
        {"industry": "7271", "items": [GUARDING]},
        headers={"HX-Request": "true"},
    )
    assert 'id="if_approval"' in text(saved) and hidden not in text(saved)
    assert hidden not in text(web.get(page(ref, "scope")))


def test_without_number_and_paper_nothing_is_submitted(web, ref):
    missing = text(scope(web, ref))
    assert stored(ref).answers["scope"]["items"] == [GUARDING], "nothing typed is lost"
    assert "id_approval" in missing
    checked = faults(web, ref)
    approval = catalogue.scope_items[GUARDING].approval
    assert str(approval) in checked and approval.by in checked
    for anchor in (
        f"{page(ref, 'scope')}#id_approval",
        f"{page(ref, 'materials')}#id_prior_approval",
    ):
        assert anchor in checked.split('class="st"')[1], "each missing thing leads to where it is"
    factories.signed(stored(ref))
    web.post(reverse("filing:submit", args=[ref]), {"confirm": "on"})
    assert stored(ref).filing_number is None


def test_with_both_it_is_submitted(web, ref):
    scope(web, ref, approval=NUMBER)
    assert stored(ref).answers["scope"]["approval"] == NUMBER
    asked = text(web.get(page(ref, "materials")))
    assert 'id="id_prior_approval"' in asked
    approval = catalogue.scope_items[GUARDING].approval
    assert str(approval) in faults(web, ref), "the number alone isn't enough"
    web.post(page(ref, "materials"), {"prior_approval": lease("approval.pdf")})
    assert stored(ref).materials.filter(kind="prior_approval").exists()
    checked = faults(web, ref)
    assert approval.by not in checked, "nothing is missing any more"
    assert NUMBER in checked, "what is filed shows the number"
    factories.signed(stored(ref))
    answer = web.post(reverse("filing:submit", args=[ref]), {"confirm": "on"}, follow=True)
    assert stored(ref).filing_number, text(answer)[:3000]


def test_an_item_that_needs_nothing_asks_for_nothing(web, ref):
    scope(web, ref, items=["I3006"], industry="6513")
    assert 'id="id_prior_approval"' not in text(web.get(page(ref, "materials")))
    assert "prior_approval" not in faults(web, ref)


def test_its_name_is_reserved_for_a_year(web, ref):
    scope(web, ref)
    name = stored(ref).answers["name"]
    look = text(
        web.post(reverse("filing:name-look", args=[ref]), name, headers={"HX-Request": "true"})
    )
    assert 'name="reserve"' in look and re.search(r'name="reserve" value="1">\D*12\D', look)
    web.post(page(ref, "name"), {**name, "reserve": "1"}, follow=True)
    assert stored(ref).name_reserved_until == date(MORNING.year + 1, MORNING.month, MORNING.day)
