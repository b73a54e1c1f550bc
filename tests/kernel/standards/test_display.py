"""What a filing says: each field as people read it, and what changed between two moments without storing it."""

import pytest
from django.utils.translation import override

from kernel.form import choices
from kernel.form.fields import FIELD
from kernel.standards import display, snapshots
from tests.filings import complete_filing
from tests.kernel.standards.test_standards import CHIEF, CHIEF_ROLES, DAY, WORDS

# --- Snapshots -----------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _nothing_registered(monkeypatch):
    """No app above names its rows."""
    monkeypatch.setattr(choices, "_look_ups", {})


def test_a_snapshot_is_the_same_in_every_language_and_hides_what_is_personal():
    filing = complete_filing()
    with override("en"):
        english = snapshots.snapshot(filing)
    with override("zh-hans"):
        assert snapshots.snapshot(filing) == english
    text = "\n".join(english.values())
    for person in filing.people:
        assert person.id_number not in text and person.phone not in text
    assert (
        filing.answer("seals.phone") not in text
        and filing.answer("seals.address") not in english["seals.address"]
    )


def test_a_change_of_one_digit_is_noticed_without_storing_it():
    filing = complete_filing()
    changed = [p.data["id_number"] for p in filing.people][CHIEF]
    before = snapshots.snapshot(filing)
    filing.people[CHIEF].data["id_number"] = changed[:8] + "1" + changed[9:]
    found = snapshots.changes(before, snapshots.snapshot(filing))
    assert {key for key, _old, _new in found} == CHIEF_ROLES
    assert not any("#" in old + new for _key, old, new in found)


def test_changes_come_in_the_order_of_the_form():
    sections = {"name__trade_name": WORDS["two"], "bank__branch": "A"}
    old = snapshots.snapshot(complete_filing(filed_on=DAY, **sections))
    new = {**old, "bank.branch": "B", "name.trade_name": "C"}
    assert [key for key, _old, _new in snapshots.changes(old, new)] == [
        "name.trade_name",
        "bank.branch",
    ]
    assert snapshots.changes(old, dict(old)) == []


# --- Display -------------------------------------------------------------------------------------------------------


def test_values_are_shown_as_people_read_them():
    filing = complete_filing(bank__appointment="2026-03-19T14:30", capital__amount="2,000,000.50")
    with override("en"):
        assert display.display(filing, "capital.amount") == "2,000,000.50 yuan"
        assert display.display(filing, "scope.items") == "Software development; Sale of software"
        assert display.display(filing, "address.proof") == "Leased"
        assert display.display(filing, "bank.appointment").endswith("14:30")
        assert "(2 pages)" in display.display(filing, "materials.address_proof")
        cards = display.display(filing, "materials.id_copies").split("; ")
        chief = filing.people[CHIEF].name
        assert f"{chief}, side with the portrait: {chief}.jpg (1 page)" in cards
    for key in FIELD:
        assert isinstance(display.display(filing, key), str)


def test_another_app_names_its_rows():
    choices.register_lookup("bank.branch", {"A": "Branch A"}.get)
    assert display.display(complete_filing(bank__branch="A"), "bank.branch") == "Branch A"
    assert display.display(complete_filing(bank__branch="gone"), "bank.branch") == "gone"
