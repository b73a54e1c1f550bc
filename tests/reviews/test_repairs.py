"""One bad review from the window's QR code to the public sentence, and what is refused on the way."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from kernel.accounts.models import User, Window
from kernel.cases import reviewable, trail
from kernel.cases.models import Event
from kernel.cases.reviewable import Reviewable
from kernel.core.errors import NotAllowed, Refused
from kernel.sla.models import Clock
from kernel.sla.tasks import sweep
from portal.notices.models import Notice
from portal.notices.phone_texts import phone_text
from portal.notices.settling import settle
from reviews import actions, clocks, parts, queries
from reviews.actions.repairing import Identifying
from reviews.models import FollowUp, Level, Repair, Review, ReviewEvent
from tests import driving, factories, officers
from tests.codes import BANKING, REGISTRATION, TAX
from tests.factories import MORNING

pytestmark = pytest.mark.django_db
SENTENCE = "A company waited long at a window. A second officer sits there now."
REPAIR = {
    "cause": "staffing",
    "done": "A second officer sits at the window.",
    "since": "2026-03-18",
    "responsible": "Qin Xu",
    "sentence": SENTENCE,
}
SOLVED = {"answer": "solved", "consent": "on", "level_after": "4"}


def bad(case, service=TAX, **changes) -> Review:
    said = {"level": 2, "comment": "I waited long.", "tags": ["waiting"], "actor": case.applicant}
    return actions.leave_review(application_id=case.pk, service=service, **(said | changes))


def submitted(review, actor, **changes) -> Repair:
    return actions.submit_repair(
        actor=actor, review_id=review.pk, **(REPAIR | {"since": MORNING.date()} | changes)
    )


def at(review, **query) -> str:
    address = reverse("reviews:repair", args=[review.uid])
    return f"{address}?do={query['do']}" if query else address


def english(client, account):
    client.force_login(account)
    client.cookies["language"] = "en"
    return client


def test_from_the_windows_code_to_the_public_sentence(client, case, supervisor, second):
    """As the writer, the desk, the supervisor and a reader, each through their door."""
    Window.objects.create(zone=case.zone, number=7, department=TAX)
    writer = english(client, case.applicant)
    page = writer.post(
        reverse("reviews:window", args=[case.zone.code, 7]), {"code": case.review_code}
    )
    assert page.status_code == 302 and case.review_code not in page["Location"]
    sent = writer.post(
        page["Location"],
        {
            "level": "2",
            "service": TAX,
            "tags": ["waiting"],
            "comment": "Slow.",
            "confidential": "on",
        },
    )
    review = Review.objects.get()
    assert sent["Location"] == reverse("reviews:mine", args=[review.uid])
    assert (review.way, review.window, review.department) == ("window", 7, TAX)
    assert review.reviewer == case.applicant
    assert Notice.objects.get(kind="repair_task").recipient == second

    desk = officers.browser(second)
    desk.cookies["language"] = "en"
    assert review.number in desk.get(reverse("reviews:repairs")).content.decode()
    task = desk.get(at(review)).content.decode()
    assert "Slow." in task and "15" in task
    assert case.applicant.real_name not in task and case.number not in task, "the writer is hidden"

    boss = officers.browser(supervisor)
    boss.cookies["language"] = "en"
    called = {"outcome": "Wants a second officer."}
    boss.post(reverse("supervision:follow-up", args=[review.follow_up.pk]), called)
    assert "Wants a second officer." in desk.get(at(review)).content.decode()
    assert desk.post(at(review), {"act": "submit", **REPAIR}).status_code == 302
    assert Notice.objects.get(kind="repair_asked").recipient == case.applicant

    mine = reverse("reviews:mine", args=[review.uid])
    asked = writer.get(mine).content.decode()
    assert asked.index(REPAIR["done"]) < asked.index("Slow.") and SENTENCE in asked
    assert "checked" not in asked, "nothing is chosen beforehand"
    assert writer.post(mine, SOLVED).status_code == 302
    assert SENTENCE not in writer.get(reverse("reviews:results")).content.decode(), (
        "not checked yet"
    )
    closed = boss.post(at(review), {"act": "publish", "sentence": SENTENCE})
    assert closed.status_code == 302
    reader = client.__class__()
    shown = reader.get(reverse("reviews:results"), headers={"accept-language": "en"})
    assert SENTENCE in shown.content.decode() and "Slow." not in shown.content.decode()

    review.refresh_from_db()
    assert (review.level, review.repair.level_after) == (2, 4), "the first review stays counted"
    steps = list(review.events.values_list("step", flat=True))
    assert steps == ["left", "contacted", "submitted", "solved", "published"]
    case.refresh_from_db()
    assert trail.faults(case) == []
    kinds = case.events.filter(kind__in=("reviewed", "contacted", "repair", "rectified"))
    of_trail = [(row.kind, row.data.get("step"), row.actor_id) for row in kinds.order_by("seq")]
    assert of_trail == [
        ("reviewed", None, None),
        ("contacted", None, supervisor.pk),
        ("repair", "submitted", second.pk),
        ("repair", "solved", None),
        ("rectified", None, supervisor.pk),
    ]


class TestWhoHandlesIt:
    def test_never_the_person_reviewed(self, client, case, second):
        review = bad(case)
        reviewed = case.stages.get(department=TAX).holder
        assert parts.handlers(review.repair) == {second.pk}
        seen = officers.browser(reviewed)
        assert seen.get(at(review)).status_code == 404
        assert review.number not in seen.get(reverse("reviews:repairs")).content.decode()
        with pytest.raises(NotAllowed):
            submitted(review, reviewed)

    def test_where_nobody_else_is_there_the_supervisor(self, case, supervisor):
        review = bad(case)
        assert review.repair.state == Repair.State.AT_SUPERVISOR
        assert parts.handlers(review.repair) == {supervisor.pk}
        assert submitted(review, supervisor).state == Repair.State.ASKED

    def test_nobody_of_another_zone(self, case, second):
        review = bad(case)
        zone = factories.ZoneFactory(code="elsewhere")
        for stranger in (factories.supervisor(zone), factories.officer(TAX, zone)):
            assert officers.browser(stranger).get(at(review)).status_code == 404
            with pytest.raises(NotAllowed):
                submitted(review, stranger)

    def test_not_ours_goes_to_the_supervisor_who_gives_it_to_another(
        self, case, second, supervisor
    ):
        review, other = bad(case), factories.officer(BANKING, case.zone)
        desk, boss = officers.browser(second), officers.browser(supervisor)
        assert desk.post(at(review), {"act": "back", "text": " "}).status_code == 422
        assert desk.post(at(review), {"act": "back", "text": "The bank's."}).status_code == 302
        assert desk.get(at(review)).status_code == 404
        assert Notice.objects.get(kind="repair_back").recipient == supervisor
        refused = boss.post(at(review), {"act": "reassign", "department": "seals"})
        assert refused.status_code == 422, "nobody is there who had no part in it"
        boss.post(at(review), {"act": "reassign", "department": BANKING})
        review = Review.objects.get()
        assert parts.handlers(review.repair) >= {other.pk}

    def test_not_solved_goes_one_level_up_and_never_back(self, case, second, supervisor):
        review = bad(case)
        submitted(review, second)
        actions.answer_repair(
            actor=case.applicant, review_id=review.pk, answer="unsolved", level_after=1
        )
        review = Review.objects.get()
        assert (review.repair.state, review.repair.round) == (Repair.State.AT_SUPERVISOR, 2)
        assert parts.handlers(review.repair) == {supervisor.pk}
        assert Notice.objects.get(kind="repair_unsolved").recipient == supervisor
        with pytest.raises(NotAllowed):
            submitted(review, second)
        with pytest.raises(Refused):
            actions.reassign_repair(actor=supervisor, review_id=review.pk, department=TAX)
        names = Clock.objects.filter(owner=case.uid, name__startswith="repair").order_by("name")
        assert list(names.values_list("name", "state")) == [
            (f"repair:{TAX}", "stopped"),
            (f"repair:{TAX}.2", "running"),
        ]
        submitted(review, supervisor)
        actions.answer_repair(actor=case.applicant, review_id=review.pk, answer="unsolved")
        administrator = factories.UserFactory(role="administrator", zone=case.zone)
        assert parts.handlers(Review.objects.get().repair) == {administrator.pk}


class TestTime:
    def test_more_time_is_asked_for_and_decided(self, case, second, supervisor):
        review = bad(case)
        before = clocks.of_repair(review.repair).due_at
        desk, boss = officers.browser(second), officers.browser(supervisor)
        assert desk.get(at(review, do="extend")).status_code == 200
        desk.post(at(review), {"act": "extend", "days": "3", "text": "A part is ordered."})
        assert Notice.objects.get(kind="repair_more").recipient == supervisor
        assert desk.post(at(review), {"act": "grant"}).status_code == 422, "not the desk's to give"
        boss.post(at(review), {"act": "grant"})
        assert clocks.of_repair(review.repair).due_at > before
        assert Repair.objects.get().extension_days is None

    def test_a_late_repair_goes_up(self, travel, case, second, supervisor):
        administrator = factories.UserFactory(role="administrator", zone=case.zone)
        review = bad(case)
        clock = clocks.of_repair(review.repair)
        travel(clock.warning_at if hasattr(clock, "warning_at") else clock.second_warning_at)
        sweep()
        assert Notice.objects.get(kind="repair_reminder").recipient == second
        travel(clock.due_at + timedelta(seconds=1))
        sweep()
        told = Notice.objects.filter(kind="repair_overdue").values_list("recipient", flat=True)
        assert set(told) == {second.pk, supervisor.pk, administrator.pk}
        late = Notice.objects.filter(kind__in=("repair_reminder", "repair_overdue"))
        assert not late.exclude(application=None).exists(), "the desk learns of no case"
        page = officers.browser(second).get(reverse("messages:inbox")).content.decode()
        assert review.number in page and case.number not in page and case.name not in page
        assert list(review.events.values_list("step", flat=True))[-1] == "late"
        settle()
        assert not Notice.objects.filter(kind="repair_overdue", settled_at__isnull=False).exists()
        submitted(review, second)
        settle()
        assert not Notice.objects.filter(kind="repair_overdue", settled_at=None).exists()

    def test_a_check_that_nobody_does_goes_up(self, travel, case, second, supervisor):
        administrator = factories.UserFactory(role="administrator", zone=case.zone)
        review = bad(case)
        submitted(review, second)
        actions.answer_repair(actor=case.applicant, review_id=review.pk, answer="solved")
        clock = Clock.objects.get(name=review.repair.check_name)
        told = Notice.objects.filter(kind="repair_check").order_by("pk")
        assert [notice.recipient for notice in told] == [supervisor]
        travel(clock.due_at + timedelta(seconds=1))
        sweep()
        assert told.last().recipient == administrator
        assert "late" in review.events.values_list("step", flat=True)
        actions.record_follow_up(actor=supervisor, follow_up_id=review.follow_up.pk, outcome="x")
        actions.close_repair(actor=supervisor, review_id=review.pk, publish=False)
        clock.refresh_from_db()
        assert clock.state == Clock.State.STOPPED
        settle()
        assert not told.filter(settled_at=None).exists()

    def test_a_silent_writer_doesnt_hold_it_up(self, travel, case, second, supervisor):
        from reviews.tasks import keep_reviews

        review = bad(case)
        submitted(review, second)
        travel(MORNING + timedelta(days=7, minutes=1))
        keep_reviews()
        repair = Repair.objects.get()
        assert (repair.state, repair.consent) == (Repair.State.CHECKING, False)
        actions.record_follow_up(actor=supervisor, follow_up_id=review.follow_up.pk, outcome="x")
        with pytest.raises(Refused):
            actions.close_repair(actor=supervisor, review_id=review.pk, publish=True)
        actions.close_repair(actor=supervisor, review_id=review.pk, publish=False)
        assert FollowUp.objects.get().rectified_at

    def test_ask_me_later(self, case, second):
        review = bad(case)
        submitted(review, second)
        actions.answer_repair(actor=case.applicant, review_id=review.pk, answer="later")
        assert Repair.objects.get().state == Repair.State.ASKED
        actions.answer_repair(actor=case.applicant, review_id=review.pk, answer="solved")
        assert Repair.objects.get().state == Repair.State.CHECKING


class TestRefusals:
    def test_a_sentence_that_says_who_wrote(self, case, second):
        review = bad(case)
        desk = officers.browser(second)
        company = {**REPAIR, "sentence": f"{case.name} waited long."}
        page = desk.post(at(review), {"act": "submit", **company})
        assert page.status_code == 422 and REPAIR["done"] in page.content.decode()
        for telling in (
            f"{case.applicant.real_name} waited long.",
            f"Case {case.number} was slow.",
            "Call 13812345678 about it.",
            "At 11:30 nobody was there.",
        ):
            with pytest.raises(Identifying):
                submitted(review, second, sentence=telling)
        assert Repair.objects.get().state == Repair.State.AT_DESK

    def test_a_second_review_and_the_officers_own(self, case):
        reviewed = case.stages.get(department=TAX).holder
        with pytest.raises(NotAllowed):
            bad(case, actor=reviewed, code=case.review_code)
        for colleague in (factories.officer(TAX, case.zone), factories.supervisor(case.zone)):
            with pytest.raises(NotAllowed, match="work here"):
                bad(case, level=5, actor=colleague, code=case.review_code)
        bad(case)
        with pytest.raises(actions.AlreadyReviewed):
            bad(case, actor=None, code=case.review_code)
        assert Review.objects.count() == 1

    def test_another_than_the_writer_answers_nothing(self, case, second):
        review = bad(case)
        submitted(review, second)
        other = factories.UserFactory()
        assert (
            officers.browser(other).get(reverse("reviews:mine", args=[review.uid])).status_code
            == 404
        )
        with pytest.raises(NotAllowed):
            actions.answer_repair(actor=other, review_id=review.pk, answer="solved")

    def test_nothing_closes_before_the_writer_was_called(self, case, second, supervisor):
        review = bad(case)
        submitted(review, second)
        actions.answer_repair(
            actor=case.applicant, review_id=review.pk, answer="solved", consent=True
        )
        with pytest.raises(Refused):
            actions.close_repair(actor=supervisor, review_id=review.pk, publish=True)
        with pytest.raises(NotAllowed):
            actions.close_repair(actor=second, review_id=review.pk, publish=True)

    def test_words_that_are_kept_back_are_the_supervisors_alone(self, case, second, supervisor):
        review = bad(case, comment="Call me: 138 1234 5678")
        assert review.withheld == "personal"
        assert "1234" not in officers.browser(second).get(at(review)).content.decode()
        assert "1234" in officers.browser(supervisor).get(at(review)).content.decode()
        assert (
            "1234"
            in officers.browser(case.applicant)
            .get(reverse("reviews:mine", args=[review.uid]))
            .content.decode()
        )


@pytest.mark.parametrize("consent", [True, False])
def test_a_review_without_an_account_goes_on_without_asking(case, second, supervisor, consent):
    review = bad(case, actor=None, code=case.review_code, consent=consent)
    assert submitted(review, second).state == Repair.State.CHECKING
    with pytest.raises(Refused):
        actions.write_to_writer(actor=second, review_id=review.pk, text="Hello")
    actions.record_follow_up(actor=supervisor, follow_up_id=review.follow_up.pk, outcome="x")
    boss = officers.browser(supervisor)
    closed = boss.post(at(review), {"act": "publish", "sentence": "Two officers sit there now."})
    assert closed.status_code == (302 if consent else 422)
    assert bool(Repair.objects.get().published_at) is consent, "never without consent"


def test_a_message_reaches_the_writer_and_not_the_other_way(case, second):
    review = bad(case)
    officers.browser(second).post(at(review), {"act": "write", "text": "At which window?"})
    assert Notice.objects.get(kind="repair_message").recipient == case.applicant
    mine = officers.browser(case.applicant).get(reverse("reviews:mine", args=[review.uid]))
    assert "At which window?" in mine.content.decode()


def test_who_was_returned_may_review_that_stage_once(travel, zone, staff, client):
    case = driving.given_back(staff, TAX)
    client.force_login(case.applicant)
    address = reverse("reviews:leave", args=[case.number])
    assert client.post(address, {"level": "2", "service": "whole"}).status_code == 422
    assert client.post(address, {"level": "2", "service": TAX}).status_code == 302
    assert client.post(address, {"level": "2", "service": TAX}).status_code == 422
    assert Review.objects.get().service == TAX


def test_a_case_that_is_given_up_takes_no_repair_along(travel, zone, staff):
    from kernel.cases.actions import withdraw

    case = driving.given_back(staff, REGISTRATION)
    review = bad(case, REGISTRATION)
    withdraw(actor=case.applicant, application_id=case.pk)
    assert clocks.of_repair(review.repair).state != Clock.State.STOPPED


def test_who_withdrew_may_review(travel):
    travel(MORNING)
    case = factories.filed()
    from kernel.cases.actions import withdraw

    withdraw(actor=case.applicant, application_id=case.pk)
    review = actions.leave_review(application_id=case.pk, level=1, actor=case.applicant)
    assert review.repair.state == Repair.State.AT_SUPERVISOR


class TestRequest:
    def test_it_is_asked_once_by_a_link_that_needs_no_log_in(self, client, travel, case):
        from reviews.tasks import keep_reviews

        assert keep_reviews() == 0, "not at once"
        travel(MORNING + timedelta(hours=6))
        assert keep_reviews() == 1
        assert keep_reviews() == 0
        notice = Notice.objects.get(kind="review_asked")
        assert notice.recipient == case.applicant
        assert notice.params == {}, "the link lies nowhere"
        link = phone_text(notice).rpartition(" ")[2].partition("http")[2]
        link = link[link.index("/reviews/") :]
        assert client.get(link).status_code == 200
        assert client.post(link, {"level": "5", "service": "whole"}).status_code == 302
        assert (Review.objects.get().way, Review.objects.get().reviewer) == ("text", case.applicant)
        assert client.get(f"{link[:-4]}xyz/").status_code == 302

    def test_not_who_reviewed_already(self, travel, case):
        from reviews.tasks import keep_reviews

        bad(case)
        travel(MORNING + timedelta(hours=6))
        assert keep_reviews() == 0


class TestThings:
    """What isn't a case: found by its code, with clocks and steps of its own."""

    @pytest.fixture
    def thing(self, case, monkeypatch):
        gave = factories.officer(TAX, case.zone)
        made = Reviewable(
            "lesson",
            uuid.uuid4(),
            case.zone_id,
            "lesson",
            "A lesson",
            MORNING,
            department=TAX,
            served_by=frozenset({gave.pk}),
            owner_id=case.applicant_id,
        )
        monkeypatch.setattr(reviewable, "_sources", {})
        reviewable.register(
            "lesson",
            by_code=lambda code: made if code == "L1" else None,
            by_uid=lambda uid: made if uid == made.uid else None,
            given_by=lambda account: Review.objects.filter(
                thing=made.uid if account in made.served_by else None
            ).values("thing"),
        )
        return made

    def left(self, thing, actor=None, level=1) -> Review:
        return actions.leave_review_of_thing(
            kind=thing.kind, thing_id=thing.uid, level=level, actor=actor
        )

    def test_by_the_code_at_the_window(self, client, case, thing):
        Window.objects.create(zone=case.zone, number=1, department=TAX)
        address = reverse("reviews:window", args=[case.zone.code, 1])
        assert client.post(address, {"code": "nothing"}).status_code == 422
        page = client.post(f"{address}?kiosk", {"code": "L1"})
        assert "kiosk" in page["Location"]
        assert client.post(page["Location"], {"level": "1"}).status_code == 302
        review = Review.objects.get()
        assert (review.kind, review.way, review.application) == ("lesson", "kiosk", None)
        assert client.post(page["Location"], {"level": "1"}).status_code == 422

    def test_its_steps_and_clocks_are_its_own(self, travel, case, thing, supervisor):
        review = self.left(thing, case.applicant)
        row = queries.follow_ups(case.zone).get()
        assert row.contact_by and row.repair_by
        travel(row.contact_by + timedelta(seconds=1))
        sweep()
        assert list(review.events.values_list("step", flat=True)) == ["left", "warned", "late"]
        assert Notice.objects.filter(kind="review_contact", recipient=supervisor).count() == 3
        assert not Event.objects.filter(kind__in=("reviewed", "repair")).exists()
        browser = officers.browser(supervisor)
        for address in (
            reverse("supervision:reviews"),
            reverse("supervision:follow-up", args=[row.pk]),
        ):
            assert review.number in browser.get(address).content.decode()

    def test_who_gave_it_neither_reviews_nor_repairs_it(self, case, thing):
        (gave,) = thing.served_by
        with pytest.raises(NotAllowed):
            self.left(thing, User.objects.get(pk=gave))
        review = self.left(thing)
        assert gave not in parts.handlers(review.repair)
        with pytest.raises(actions.AlreadyReviewed):
            self.left(thing)


def test_the_database_refuses_a_changed_step(case):
    review = bad(case)
    event = ReviewEvent.objects.get(review=review)
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        ReviewEvent.objects.filter(pk=event.pk).update(text="x")


def test_the_database_refuses_a_review_of_nothing(case):
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(zone=case.zone, level=3, created_at=MORNING)


@pytest.mark.parametrize("level", list(Level))
def test_only_bad_ones_are_repaired(case, level):
    bad(case, level=level)
    assert Repair.objects.exists() is (level in (1, 2))
