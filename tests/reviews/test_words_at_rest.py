"""What is written in and about a review lies encrypted, what was there before too, and can be put under a newer key."""

import os
from io import StringIO

import pytest
from django.conf import settings as configured
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import override_settings
from django.urls import reverse

from portal.operations import stored
from reviews import actions
from reviews.models import Outcome, Repair, Review, ReviewEvent
from tests import driving, factories
from tests.codes import TAX
from tests.factories import MORNING

WORDS = {
    "comment": "Ms Wang waited an hour",
    "done": "Two sit at the window now",
    "responsible": "Qin Xu of the tax desk",
    "sentence": "A second window is open since March",
    "outcome": "She was called on 138 1234 5678",
    "message": "At which window was it?",
    "reason": "A chair is on order",
    "answer": "It is quicker now",
}
COLUMNS = {
    Review: ["comment"],
    Outcome: ["text"],
    Repair: ["done", "responsible", "sentence", "extension_reason"],
    ReviewEvent: ["text"],
}


def repaired(travel) -> Review:
    """A bad review with everything that can be written about one."""
    travel(MORNING)
    case = driving.completed()
    supervisor, desk = factories.supervisor(case.zone), factories.officer(TAX, case.zone)
    said = {"level": 2, "comment": WORDS["comment"], "actor": case.applicant}
    review = actions.leave_review(application_id=case.pk, service=TAX, **said)
    actions.record_follow_up(
        actor=supervisor, follow_up_id=review.follow_up.pk, outcome=WORDS["outcome"]
    )
    actions.write_to_writer(actor=desk, review_id=review.pk, text=WORDS["message"])
    actions.submit_repair(
        actor=desk,
        review_id=review.pk,
        cause="staffing",
        since=MORNING.date(),
        **{name: WORDS[name] for name in ("done", "responsible", "sentence")},
    )
    answer = {"answer": "unsolved", "comment": WORDS["answer"]}
    actions.answer_repair(actor=case.applicant, review_id=review.pk, **answer)
    actions.ask_extension(actor=supervisor, review_id=review.pk, days=2, reason=WORDS["reason"])
    return review


def lying() -> list[str]:
    """Every text of the reviews as it lies in the database."""
    found = []
    with connection.cursor() as cursor:
        for model, columns in COLUMNS.items():
            cursor.execute(f"SELECT {', '.join(columns)} FROM {model._meta.db_table}")  # noqa: S608
            found += [text for row in cursor.fetchall() for text in row if text]
    return found


def read() -> set[str]:
    return {
        text
        for model, columns in COLUMNS.items()
        for row in model.objects.all()
        for column in columns
        if (text := getattr(row, column))
    }


@pytest.mark.django_db
def test_no_word_lies_open(travel, caplog):
    review = repaired(travel)
    assert set(WORDS.values()) == read()
    assert lying() and all(text.startswith("v1:") for text in lying())
    for told in (str(review), *map(str, Outcome.objects.all()), caplog.text):
        assert not any(word in told for word in WORDS.values())


@pytest.mark.django_db
def test_a_newer_key_takes_all_of_them(travel):
    repaired(travel)
    newer = {"k9": os.urandom(32)}
    with override_settings(FIELD_KEYS={**newer, **configured.FIELD_KEYS}):
        call_command("rotate_keys", stdout=StringIO())
    with override_settings(FIELD_KEYS=newer):
        assert set(WORDS.values()) == read() and list(stored.value_faults()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"text": ""}, {"text": "open"}, {"step": "closed"}])
def test_the_words_of_a_step_are_neither_taken_out_nor_replaced(travel, change):
    repaired(travel)
    event = ReviewEvent.objects.filter(step="wrote")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        event.update(**change)
    silent = ReviewEvent.objects.filter(step="left")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        silent.update(text="v1:k1:x")


@pytest.mark.django_db
def test_the_writers_own_copy_has_what_they_wrote(client, travel):
    from portal.own_account.data_copy import facts

    review = repaired(travel)
    (said,) = facts(review.reviewer)["cases"][0]["reviews"]
    assert (said["comment"], said["answer"]) == (WORDS["comment"], "unsolved")
    assert said["words_with_answers"] == [WORDS["answer"]]


@pytest.mark.engines
@pytest.mark.django_db(transaction=True)
def test_what_was_written_before_is_encrypted_too_and_can_be_taken_back(client, travel):
    review = repaired(travel)
    migrate = {"interactive": False, "verbosity": 0}
    try:
        call_command("migrate", "evaluations", "0004", **migrate)
        assert set(lying()) == set(WORDS.values())
    finally:
        call_command("migrate", "evaluations", **migrate)
    assert all(text.startswith("v1:") for text in lying())
    assert set(WORDS.values()) == read()
    client.force_login(review.reviewer)
    page = client.get(reverse("reviews:mine", args=[review.uid])).content.decode()
    assert WORDS["comment"] in page and WORDS["message"] in page
