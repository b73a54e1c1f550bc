"""The versions that the product comes with: what they hold, and that loading them alters none that is in force."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from kernel.cases.rights import pinnable
from kernel.core import departments as departments_of
from kernel.core.departments import department
from kernel.form.fields import FIELD
from kernel.form.flow import departments
from kernel.standards import publishing
from kernel.standards.models import StandardsVersion
from kernel.standards.parts import COMMON, parts
from kernel.standards.publishing import shipped
from kernel.standards.rules.registry import looks_at_no_field
from tests.codes import REGISTRATION, TAX
from tests.filings import latest_standards

DAY = date(2026, 3, 18)
LATEST = latest_standards()


@pytest.fixture
def _loaded(db):
    publishing.forget()
    publishing.load_published()
    yield
    publishing.forget()


def test_every_rule_of_the_data_exists_and_every_rule_is_used():
    """Rules of earlier versions stay, for the cases that were filed under them."""
    for part, own in parts().items():
        used = {
            item["rule"]
            for version in shipped(part)
            for item in version.items
            if item["decided_by"] == "rule"
        }
        assert used == {rule.__name__ for rule in own.rules}, part
    assert not any(standard.rule for standard in LATEST.standards if standard.is_question)


def test_ids_are_unique_and_fields_known():
    assert len({standard.id for standard in LATEST.standards}) == len(LATEST.standards)
    for standard in LATEST.standards:
        assert bool(standard.fields) is not looks_at_no_field(standard.rule)
        assert set(standard.fields) <= set(FIELD)
        assert standard.departments and set(standard.departments) <= set(departments())


def test_both_languages_are_there_and_differ():
    for standard in LATEST.standards:
        for part in ("text", "ground", "fix"):
            chinese, english = getattr(standard, f"{part}_zh"), getattr(standard, f"{part}_en")
            assert chinese and english and chinese != english
            assert any("\u4e00" <= char <= "\u9fff" for char in chinese)
            assert not any("\u4e00" <= char <= "\u9fff" for char in english)
            with override("zh-hans"):
                assert getattr(standard, part) == chinese
            with override("en"):
                assert getattr(standard, part) == english


@pytest.mark.parametrize("department", departments())
def test_each_desk_can_cite_its_standards(department):
    """A question needs a field that the desk may still ask to correct, or it could be answered but not returned."""
    assert any(standard.is_question for standard in LATEST.of(department))
    for standard in LATEST.of(department):
        if standard.is_question:
            assert set(standard.fields) & set(pinnable(department)), standard.id


def test_has_and_get():
    assert (
        LATEST.has("S-01", REGISTRATION)
        and not LATEST.has("S-01", TAX)
        and not LATEST.has("S-99", REGISTRATION)
    )
    assert LATEST.get("S-01").id == "S-01"
    with pytest.raises(KeyError):
        LATEST.get("S-99")


def test_nothing_in_force_is_said_clearly(db):
    publishing.forget()
    with pytest.raises(publishing.NotPublished, match="load_reference"):
        publishing.current(DAY)
    with pytest.raises(publishing.NotPublished, match="'common'"):
        publishing.named({COMMON: 1})


def test_loading_twice_does_nothing(_loaded):
    assert publishing.load_published() == []
    assert publishing.current(DAY).numbers == LATEST.numbers
    assert publishing.named(LATEST.numbers).standards == LATEST.standards
    for part, newest in LATEST.numbers.items():
        assert [one.number for one in publishing.published(part)] == list(range(newest, 0, -1))


def test_the_version_in_force_is_the_latest_that_has_begun(_loaded):
    """A version more of one part; the others keep their numbers."""
    newest = LATEST.numbers[TAX]
    items = StandardsVersion.objects.get(part=TAX, number=newest).items
    tomorrow = DAY + timedelta(days=1)
    more = {newest + 1: tomorrow, newest + 2: None}
    for number, day in more.items():
        StandardsVersion.objects.create(part=TAX, number=number, effective_from=day, items=items)
    publishing.forget()
    assert publishing.current(DAY).numbers == LATEST.numbers
    assert publishing.current(tomorrow).numbers == {**LATEST.numbers, TAX: newest + 1}
    assert [one.number for one in publishing.published(TAX)] == list(range(newest + 1, 0, -1))


def test_a_part_that_begins_later_asks_for_nothing_yet_and_one_that_never_began_stops_all(_loaded):
    before = min(one.effective_from for one in publishing.published()) - timedelta(days=1)
    with pytest.raises(publishing.NotPublished):
        publishing.current(before)
    tax = department(TAX)
    later = replace(tax, code="later", standards=replace(tax.standards, prefix="L"))
    departments_of.register(later)
    try:
        with pytest.raises(publishing.NotPublished, match="load_reference"):
            publishing.current(DAY)
        StandardsVersion.objects.create(
            part="later", number=1, effective_from=DAY + timedelta(days=1), items=[]
        )
        publishing.forget()
        assert publishing.current(DAY).numbers == LATEST.numbers
        assert publishing.current(DAY + timedelta(days=1)).numbers == {**LATEST.numbers, "later": 1}
    finally:
        departments_of.withdraw("later")


def test_a_published_version_is_never_altered(_loaded):
    for part in parts():
        row = StandardsVersion.objects.filter(part=part, number=1)
        for change in (row.delete, lambda row=row: row.update(items=[])):
            with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
                change()


def test_a_file_that_differs_from_what_was_published_needs_a_new_number(db):
    publishing.forget()
    StandardsVersion.objects.create(part=TAX, number=1, effective_from=DAY, items=[])
    with pytest.raises(ValueError, match="'tax'.*new number"):
        publishing.load_published()


def test_reading_a_known_set_asks_nobody_and_an_unknown_one_once(
    _loaded, django_assert_num_queries
):
    publishing.forget()
    with django_assert_num_queries(1):
        publishing.named(LATEST.numbers)
    with django_assert_num_queries(0):
        publishing.current(DAY)
        publishing.named({**LATEST.numbers, COMMON: 1})
