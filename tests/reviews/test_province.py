"""The province's review system is told what the scheme counts, and no word nor name."""

import threading

import pytest

from kernel.core import external_systems, sandbox
from kernel.core.outbox import delivery
from kernel.core.outbox.models import Message
from kernel.core.sandbox import Behaviour
from reviews import actions, province
from tests import driving
from tests.codes import TAX
from tests.factories import MORNING

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(travel):
    travel(MORNING)
    case = driving.completed()
    return actions.leave_review(
        application_id=case.pk,
        level=2,
        service=TAX,
        comment="Slow.",
        tags=["waiting"],
        actor=case.applicant,
    )


def stored() -> Message:
    return Message.objects.get(channel=province.SYSTEM)


def told() -> list[dict]:
    return sandbox.shown(province.SYSTEM)


def test_it_is_told_of_a_review_without_words_and_names(review):
    delivery.deliver()
    (report,) = told()
    assert (report["level"], report["themes"], report["service"]) == (2, ["waiting"], TAX)
    text = str(report)
    for kept in ("Slow.", review.application.number, review.application.name):
        assert kept not in text
    assert stored().state == "told"


def test_one_that_is_away_is_told_later_by_the_same_key(review, travel):
    sandbox.make(province.SYSTEM, Behaviour.AWAY)
    delivery.deliver()
    assert (stored().state, stored().error) == ("waiting", "Down")
    sandbox.make(province.SYSTEM, Behaviour.USUAL)
    travel(stored().next_try_at)
    delivery.deliver()
    (report,) = told()
    assert report["key"] == stored().key and stored().state == "told"


def test_one_that_hangs_is_left_and_told_again(review, travel, monkeypatch):
    let, heard = threading.Event(), []

    class Hangs:
        def report(self, review: dict, key: str) -> None:
            let.wait(5)
            heard.append(key)

    monkeypatch.setattr(delivery, "LIMIT", 0.05)
    province.system.connect(Hangs())
    try:
        delivery.deliver()
        assert (stored().state, stored().error) == ("waiting", "TimeoutError")
        let.set()
        external_systems._hanging[province.SYSTEM].join(5)
        travel(stored().next_try_at)
        delivery.deliver()
        assert stored().state == "told" and set(heard) == {stored().key}
    finally:
        province.system.connect(None)


def test_the_end_of_a_repair_is_told_after_it(review):
    from tests import factories
    from tests.reviews.test_repairs import submitted

    supervisor = factories.supervisor(review.zone)
    submitted(review, supervisor)
    actions.answer_repair(actor=review.reviewer, review_id=review.pk, answer="solved", consent=True)
    actions.record_follow_up(actor=supervisor, follow_up_id=review.follow_up.pk, outcome="x")
    actions.close_repair(actor=supervisor, review_id=review.pk, publish=True)
    delivery.deliver()
    ended = next(row for row in told() if row["what"] == "repair")
    assert (ended["answer"], ended["review"]) == ("solved", str(review.uid))
    assert ended["repaired_at"] and ended["closed_at"]
