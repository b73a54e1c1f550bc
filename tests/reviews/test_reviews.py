"""Reviews: who may leave one, once for each service, and what must follow a bad one."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from kernel.cases import trail
from kernel.core.errors import Incomplete, NotAllowed, Refused
from kernel.sla.calendar_versions import keep_present, publish
from kernel.sla.models import Calendar, Clock
from kernel.sla.tasks import sweep
from portal.notices.models import Notice
from reviews import queries
from reviews.actions import AlreadyReviewed, leave_review, record_follow_up
from reviews.models import FollowUp, Level, Review
from tests import driving, factories
from tests.codes import BANKING, SEALS, TAX
from tests.factories import MORNING, SHANGHAI

pytestmark = pytest.mark.django_db


def answers(level=Level.GOOD, **changes):
    return {"level": int(level), "service": "whole", "comment": "", **changes}


def test_a_code_opens_one_review(client, case):
    sent = client.post(reverse("reviews:leave"), answers(code=case.review_code.lower()))
    assert sent.status_code == 302
    review = Review.objects.get()
    assert (review.application, review.level, review.reviewer) == (case, Level.GOOD, None)
    again = client.post(reverse("reviews:leave"), answers(code=case.review_code, comment="kept"))
    assert again.status_code == 422
    assert str(AlreadyReviewed.sentence) in again.content.decode()
    assert "kept" in again.content.decode()
    assert Review.objects.count() == 1


def test_another_service_of_the_case_has_its_own_review(client, case):
    for service in ("whole", BANKING):
        assert (
            client.post(
                reverse("reviews:leave"), answers(code=case.review_code, service=service)
            ).status_code
            == 302
        )
    assert set(Review.objects.values_list("service", flat=True)) == {"whole", BANKING}


@pytest.mark.parametrize("code", ["", "ZZZZZZZZZZ", "\x00", "x" * 30])
def test_a_wrong_code_says_so_and_keeps_what_was_typed(client, case, code):
    refused = client.post(reverse("reviews:leave"), answers(code=code, comment="kept"))
    assert refused.status_code == 422
    assert "kept" in refused.content.decode()
    assert not Review.objects.exists()


def test_the_applicant_reviews_from_the_case(client, case):
    client.force_login(case.applicant)
    address = reverse("reviews:leave", args=[case.number])
    assert client.get(address).status_code == 200
    assert client.post(address, answers(confidential="on")).status_code == 302
    review = Review.objects.get()
    assert review.reviewer == case.applicant
    assert review.confidential


def test_strangers_do_not_reach_the_form(client, case):
    address = reverse("reviews:leave", args=[case.number])
    assert client.get(address).status_code == 302
    client.force_login(factories.UserFactory())
    assert client.get(address).status_code == 404
    client.force_login(factories.supervisor(case.zone))
    assert client.get(address).status_code == 404
    with pytest.raises(NotAllowed):
        leave_review(application_id=case.pk, level=5, actor=factories.UserFactory())
    with pytest.raises(NotAllowed):
        leave_review(application_id=case.pk, level=5, code="")


def test_only_a_completed_case_is_reviewed(travel):
    travel(MORNING)
    case = factories.filed()
    with pytest.raises(Refused):
        leave_review(application_id=case.pk, level=5, actor=case.applicant)


@pytest.mark.parametrize("level", list(Level))
def test_the_two_lowest_levels_are_followed_up(case, level):
    leave_review(application_id=case.pk, level=level, actor=case.applicant)
    assert FollowUp.objects.exists() is (level in (Level.BAD, Level.VERY_BAD))


@pytest.mark.parametrize(
    ("left", "due"),
    [
        (datetime(2026, 3, 18, 10, 0), datetime(2026, 3, 19, 10, 0)),  # Wednesday to Thursday
        (datetime(2026, 3, 20, 16, 0), datetime(2026, 3, 23, 16, 0)),  # Friday to Monday
        (datetime(2026, 3, 21, 12, 0), datetime(2026, 3, 23, 17, 0)),  # Saturday: all of Monday
    ],
)
def test_contact_is_due_one_working_day_later(case, travel, left, due):
    travel(left.replace(tzinfo=SHANGHAI))
    leave_review(application_id=case.pk, level=Level.BAD, actor=case.applicant)
    assert queries.follow_ups(case.zone).get().contact_by == due.replace(tzinfo=SHANGHAI)


def test_contact_is_due_later_where_the_zone_closes_a_day(
    case, travel, django_capture_on_commit_callbacks
):
    leave_review(application_id=case.pk, level=Level.BAD, actor=case.applicant)
    calendar = Calendar.objects.get(code=case.zone.calendar_code)
    with django_capture_on_commit_callbacks(execute=True):
        keep_present(calendar.pk)
        calendar.exceptions.create(kind="closed", date=MORNING.date() + timedelta(days=1))
        publish(calendar_id=calendar.pk, by=None)
    sweep()
    assert queries.follow_ups(case.zone).get().contact_by == MORNING + timedelta(days=2)


def test_the_supervisor_records_each_contact(client, case, travel):
    leave_review(application_id=case.pk, level=Level.VERY_BAD, actor=case.applicant, comment="slow")
    follow_up = FollowUp.objects.get()
    client.force_login(factories.supervisor(case.zone))
    listed = client.get(reverse("supervision:reviews")).content.decode()
    assert case.number in listed
    address = reverse("supervision:follow-up", args=[follow_up.pk])
    assert client.post(address, {"outcome": " "}).status_code == 422
    assert client.post(address, {"outcome": "spoke"}).status_code == 302
    follow_up.refresh_from_db()
    assert (follow_up.contacted_at, follow_up.rectified_at) == (MORNING, None)
    travel(MORNING + timedelta(hours=2))
    assert client.post(address, {"outcome": "a second window"}).status_code == 302
    follow_up.refresh_from_db()
    assert follow_up.contacted_at == MORNING
    assert follow_up.rectified_at is None, "a call repairs nothing"
    assert [(row.text, row.at) for row in follow_up.outcomes.all()] == [
        ("spoke", MORNING),
        ("a second window", MORNING + timedelta(hours=2)),
    ]
    page = client.get(address).content.decode()
    assert page.index("spoke") < page.index("a second window"), "each is shown as it was written"


class TestTrail:
    """What happens to reviews stands on the trail of the case, and a bad one is told at once."""

    @pytest.fixture
    def supervisors(self, case):
        return [factories.supervisor(case.zone) for _one in range(2)]

    def events(self, case) -> list[tuple]:
        kinds = ("reviewed", "contacted", "rectified")
        rows = case.events.filter(kind__in=kinds).order_by("seq")
        return list(rows.values_list("kind", "department", "actor", "data"))

    def test_every_step_says_who_and_of_which_service(self, case, supervisors):
        review = leave_review(
            application_id=case.pk,
            level=1,
            service=TAX,
            comment="a slow window",
            confidential=False,
            actor=case.applicant,
        )
        first, second = supervisors
        for actor, outcome in ((first, "called"), (second, "called again")):
            record_follow_up(actor=actor, follow_up_id=review.follow_up.pk, outcome=outcome)
        of_tax = {"service": TAX}
        assert self.events(case) == [
            ("reviewed", TAX, case.applicant_id, {**of_tax, "level": 1}),
            ("contacted", TAX, first.pk, of_tax),
            ("contacted", TAX, second.pk, of_tax),
        ]
        kept = FollowUp.objects.get()
        assert (kept.contacted_by, kept.rectified_by) == (first, None)
        assert [(row.text, row.by_id) for row in kept.outcomes.all()] == [
            ("called", first.pk),
            ("called again", second.pk),
        ]
        case.refresh_from_db()
        assert trail.faults(case) == []

    def test_the_trail_does_not_say_who_left_a_confidential_one(self, case):
        leave_review(application_id=case.pk, level=2, actor=case.applicant)
        assert self.events(case) == [("reviewed", "", None, {"service": "whole", "level": 2})]

    def test_what_is_refused_leaves_nothing(self, case, supervisors):
        leave_review(application_id=case.pk, level=1, actor=case.applicant)
        before = self.events(case)
        with pytest.raises(AlreadyReviewed):
            leave_review(application_id=case.pk, level=1, actor=case.applicant)
        with pytest.raises(Incomplete):
            record_follow_up(
                actor=supervisors[0],
                follow_up_id=FollowUp.objects.get().pk,
                outcome=" ",
            )
        assert self.events(case) == before and FollowUp.objects.get().contacted_at is None

    @pytest.mark.parametrize("confidential", [True, False])
    def test_the_supervisors_hear_of_a_bad_one_at_once_and_who_did_it_where_they_may_know(
        self, case, supervisors, confidential
    ):
        holder = case.stages.get(department=TAX).holder
        said = {"level": 2, "service": TAX, "confidential": confidential}
        leave_review(application_id=case.pk, actor=case.applicant, **said)
        recipients = Notice.objects.filter(kind="bad_review").values_list("recipient", flat=True)
        told = {supervisor.pk for supervisor in supervisors}
        assert set(recipients) == (told if confidential else {holder.pk, *told})
        assert not FollowUp.objects.get().contacted_at, "nobody was called by that"

    @pytest.mark.parametrize("level", [Level.FAIR, Level.GOOD, Level.VERY_GOOD])
    def test_a_good_one_calls_nobody(self, case, supervisors, level):
        leave_review(application_id=case.pk, level=level, actor=case.applicant)
        assert not Notice.objects.filter(kind="bad_review").exists()


def test_a_follow_up_belongs_to_the_supervisor_of_its_zone(client, case):
    leave_review(application_id=case.pk, level=Level.BAD, actor=case.applicant)
    follow_up = FollowUp.objects.get()
    elsewhere = factories.supervisor(factories.ZoneFactory(code="elsewhere"))
    client.force_login(elsewhere)
    assert client.get(reverse("supervision:follow-up", args=[follow_up.pk])).status_code == 404
    with pytest.raises(NotAllowed):
        record_follow_up(actor=elsewhere, follow_up_id=follow_up.pk, outcome="x")
    with pytest.raises(NotAllowed):
        record_follow_up(actor=case.applicant, follow_up_id=follow_up.pk, outcome="x")
    with pytest.raises(Incomplete):
        record_follow_up(
            actor=factories.supervisor(case.zone),
            follow_up_id=follow_up.pk,
            outcome="",
        )


def test_the_results_without_a_published_review_are_not_a_share(client, case):
    leave_review(application_id=case.pk, level=1, actor=case.applicant)
    page = client.get(reverse("reviews:results"), headers={"accept-language": "en"})
    text = page.content.decode()
    assert "No review is published yet." in text and "good reviews" not in text


def test_a_bad_review_whose_writer_nobody_calls_is_reported(client, travel):
    travel(MORNING)
    zone = factories.ZoneFactory()
    supervisor, case = factories.supervisor(zone), driving.completed(zone=zone)
    leave_review(application_id=case.pk, level=1, actor=case.applicant)
    follow_up = FollowUp.objects.get()
    clock = Clock.objects.get(owner=case.uid, name="contact:whole")
    travel(clock.due_at + timedelta(seconds=1))
    sweep()
    kinds = Notice.objects.filter(recipient=supervisor).values_list("kind", flat=True)
    assert {"bad_review", "contact_reminder", "contact_overdue"} <= set(kinds)
    record_follow_up(actor=supervisor, follow_up_id=follow_up.pk, outcome="called")
    assert Clock.objects.get(pk=clock.pk).state == "stopped"
    client.force_login(supervisor)
    client.cookies["language"] = "en"
    for address in (
        reverse("supervision:reviews"),
        reverse("supervision:follow-up", args=[follow_up.pk]),
    ):
        assert "after the time limit" in client.get(address).content.decode()


def test_follow_ups_stand_in_the_order_in_which_they_are_to_be_done(case, travel):
    """Whoever waits for a call first, the earliest limit before the others; then by when they were called."""
    supervisor = factories.supervisor(case.zone)
    services = [TAX, BANKING, SEALS, "whole"]
    for place, service in enumerate(services):
        travel(MORNING + timedelta(minutes=place))
        leave_review(application_id=case.pk, level=1, service=service, actor=case.applicant)
    rows = {row.review.service: row.pk for row in queries.follow_ups(case.zone)}
    record_follow_up(actor=supervisor, follow_up_id=rows[TAX], outcome="x")
    record_follow_up(actor=supervisor, follow_up_id=rows[BANKING], outcome="x")
    shown = [row.review.service for row in queries.follow_ups(case.zone)]
    assert shown == [SEALS, "whole", TAX, BANKING]
