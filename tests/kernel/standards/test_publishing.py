"""The versions that the product comes with: what they hold, and that loading them alters none that is in force."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from kernel.cases.rights import pinnable
from kernel.form.fields import FIELD
from kernel.form.flow import REGISTRATION, TAX, departments
from kernel.standards import publishing
from kernel.standards.models import StandardSet
from kernel.standards.publishing import shipped
from kernel.standards.rules import RULES
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
    used = {
        item["rule"]
        for _number, _from, items in shipped()
        for item in items
        if item["decided_by"] == "rule"
    }
    assert used == set(RULES)
    assert not any(standard.rule for standard in LATEST.standards if standard.is_question)


def test_ids_are_unique_and_fields_known():
    assert len({standard.id for standard in LATEST.standards}) == len(LATEST.standards)
    for standard in LATEST.standards:
        assert standard.fields and set(standard.fields) <= set(FIELD)
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
    with pytest.raises(publishing.NotPublished):
        publishing.version(1)


def test_loading_twice_does_nothing(_loaded):
    assert publishing.load_published() == []
    newest = LATEST.number
    assert (
        publishing.current(DAY).number == newest
        and publishing.version(newest).standards == LATEST.standards
    )
    assert [version.number for version in publishing.published()] == list(range(newest, 0, -1))


def test_the_version_in_force_is_the_latest_that_has_begun(_loaded):
    newest = LATEST.number
    items = StandardSet.objects.get(version=newest).items
    StandardSet.objects.create(
        version=newest + 1, effective_from=DAY + timedelta(days=1), items=items
    )
    StandardSet.objects.create(version=newest + 2, effective_from=None, items=items)
    publishing.forget()
    assert publishing.current(DAY).number == newest
    assert publishing.current(DAY + timedelta(days=1)).number == newest + 1
    assert [version.number for version in publishing.published()] == list(range(newest + 1, 0, -1))


def test_a_published_version_is_never_altered(_loaded):
    for change in (
        StandardSet.objects.filter(version=1).delete,
        StandardSet.objects.filter(version=1).update,
    ):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            change(**({"items": []} if change.__name__ == "update" else {}))


def test_a_file_that_differs_from_what_was_published_needs_a_new_number(db):
    publishing.forget()
    StandardSet.objects.create(version=1, effective_from=DAY, items=[])
    with pytest.raises(ValueError, match="new number"):
        publishing.load_published()


def test_reading_a_known_version_asks_nobody(_loaded, django_assert_num_queries):
    publishing.current(DAY)
    with django_assert_num_queries(0):
        publishing.current(DAY)
        publishing.version(1)
