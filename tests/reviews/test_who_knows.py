"""Who may handle a bad review, and who may learn who wrote it: never whoever it is about, whatever they are now."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kernel.accounts.models import Role, User
from kernel.core.errors import NotAllowed, Refused
from kernel.sla.tasks import sweep
from portal.notices.models import Notice
from reviews import actions, clocks, parts, queries
from reviews.models import Repair, Review
from tests import factories, officers, seconds
from tests.codes import BANKING, SEALS, TAX
from tests.factories import MORNING
from tests.reviews.test_repairs import SENTENCE, SOLVED, at, bad, english, submitted

pytestmark = pytest.mark.django_db


def now_is(user: User, *roles: str) -> User:
    """The same person in another office."""
    user.roles = roles
    user.save()
    return User.objects.get(pk=user.pk)


class TestWhoIsReviewed:
    @pytest.fixture
    def reviewed(self, case):
        return case.stages.get(department=TAX).holder

    def test_handles_nothing_after_moving_to_another_desk(self, case, reviewed, second, supervisor):
        reviewed = now_is(reviewed, factories.officer(BANKING, case.zone).role)
        review = bad(case)
        actions.hand_back(actor=second, review_id=review.pk, reason="The bank's.")
        actions.reassign_repair(actor=supervisor, review_id=review.pk, department=BANKING)
        assert reviewed.pk not in parts.handlers(Repair.objects.get())
        assert officers.browser(reviewed).get(at(review)).status_code == 404
        assert queries.waiting_for(reviewed) == 0
        with pytest.raises(NotAllowed, match="own work"):
            submitted(review, reviewed)

    def test_oversees_nothing_after_having_become_a_supervisor(self, case, reviewed):
        reviewed = now_is(reviewed, Role.SUPERVISOR)
        administrator = factories.UserFactory(role="administrator", zone=case.zone)
        review = bad(case)
        follow_up = review.follow_up
        told = Notice.objects.filter(kind__in=("bad_review", "repair_task"))
        assert set(told.values_list("recipient", flat=True)) == {administrator.pk}
        seen = officers.browser(reviewed)
        page = reverse("supervision:follow-up", args=[follow_up.pk])
        assert seen.get(page).status_code == 404 and seen.get(at(review)).status_code == 404
        for address in (
            reverse("supervision:reviews"),
            reverse("supervision:list", args=["reviews"]),
        ):
            assert case.name not in seen.get(address).content.decode()
        exported = seen.get(reverse("supervision:list", args=["reviews"]), {"format": "csv"})
        assert case.number not in exported.getvalue().decode()
        assert queries.for_supervisor(reviewed) == 0
        for act in (
            lambda: actions.record_follow_up(
                actor=reviewed, follow_up_id=follow_up.pk, outcome="x"
            ),
            lambda: submitted(review, reviewed),
            lambda: actions.reassign_repair(
                actor=reviewed, review_id=review.pk, department=BANKING
            ),
            lambda: actions.close_repair(actor=reviewed, review_id=review.pk, publish=False),
        ):
            with pytest.raises(NotAllowed):
                act()
        other = officers.browser(administrator)
        assert other.post(page, {"outcome": "Called."}).status_code == 302
        assert submitted(review, administrator).state == Repair.State.ASKED

    def test_is_not_told_of_a_late_one(self, travel, case, reviewed):
        reviewed = now_is(reviewed, Role.SUPERVISOR)
        review = bad(case)
        travel(clocks.of_repair(review.repair).due_at + timedelta(seconds=1))
        sweep()
        assert (
            not Notice.objects.filter(recipient=reviewed, created_at__gt=MORNING)
            .exclude(kind__in=("breached_elsewhere", "digest"))
            .exists()
        )

    def test_who_declined_the_case_is_who_is_reviewed(self, travel):
        travel(MORNING)
        case = factories.filed()
        boss = factories.supervisor(case.zone)
        seconds.decline(actor=boss, application_id=case.pk, legal_basis="art. 1")
        review = actions.leave_review(application_id=case.pk, level=1, actor=case.applicant)
        assert boss.pk in parts.parts_in(review) and boss.pk not in parts.overseers(review)

    def test_the_statement_of_the_bar_agrees_with_the_rule(
        self, case, reviewed, second, supervisor, django_assert_num_queries
    ):
        reviews = [bad(case, service=service) for service in (TAX, BANKING, SEALS, "whole")]
        people = User.objects.filter(zone=case.zone)
        for user in people:
            own = set(parts.of_own_work(user).values_list("pk", flat=True))
            assert own == {row.pk for row in reviews if user.pk in parts.parts_in(row)}
            may = [row for row in reviews if user.pk in parts.handlers(row.repair)]
            if user.departments:
                with django_assert_num_queries(1):
                    assert queries.waiting_for(user) == len(may)
            mine = [row.review.pk for row in queries.repairs_of(user)]
            assert mine == sorted(row.pk for row in may)
        assert queries.waiting_for(second) == 1


def test_a_repair_that_was_not_solved_climbs_and_comes_back_to_nobody(case, second, supervisor):
    other = factories.supervisor(case.zone)
    administrator = factories.UserFactory(role="administrator", zone=case.zone)
    review, banker = bad(case), factories.officer(BANKING, case.zone)
    unsolved = {"actor": case.applicant, "review_id": review.pk, "answer": "unsolved"}
    submitted(review, second)
    actions.answer_repair(**unsolved)
    actions.reassign_repair(actor=supervisor, review_id=review.pk, department=BANKING)
    submitted(review, banker)
    actions.answer_repair(**unsolved)
    for tried in (TAX, BANKING):
        with pytest.raises(Refused, match="not solved there"):
            actions.reassign_repair(actor=supervisor, review_id=review.pk, department=tried)
    assert parts.handlers(Repair.objects.get()) == {supervisor.pk, other.pk}
    submitted(review, supervisor)
    actions.answer_repair(**unsolved)
    assert parts.handlers(Repair.objects.get()) == {administrator.pk}, "one level up"
    submitted(review, administrator)
    actions.answer_repair(**unsolved)
    assert parts.handlers(Repair.objects.get()) == {other.pk}, "who hasn't tried yet"


def test_a_second_press_says_where_it_stands(case, second):
    review, desk = bad(case), officers.browser(second)
    english(desk, second)
    from tests.reviews.test_repairs import REPAIR

    assert desk.post(at(review), {"act": "submit", **REPAIR}).status_code == 302
    again = desk.post(at(review), {"act": "submit", **REPAIR})
    assert again.status_code == 422 and "the writer is asked" in again.content.decode()
    assert review.events.filter(step="submitted").count() == 1


def test_a_late_repair_of_a_supervisors_tells_each_once(travel, case, supervisor):
    review = bad(case)
    assert review.repair.state == Repair.State.AT_SUPERVISOR
    travel(clocks.of_repair(review.repair).due_at + timedelta(seconds=1))
    sweep()
    assert Notice.objects.filter(kind="repair_overdue", recipient=supervisor).count() == 1


class TestConsent:
    @pytest.fixture
    def public(self, client, case, second, supervisor):
        """A review whose sentence is public with its writer's consent."""
        review = bad(case)
        submitted(review, second)
        english(client, case.applicant)
        client.post(reverse("reviews:mine", args=[review.uid]), SOLVED)
        actions.record_follow_up(
            actor=supervisor, follow_up_id=review.follow_up.pk, outcome="Called."
        )
        boss = officers.browser(supervisor)
        other = {"act": "publish", "sentence": "Another sentence than the writer read."}
        assert boss.post(at(review), other).status_code == 422, "not what they agreed to"
        boss.post(at(review), {"act": "publish", "sentence": SENTENCE})
        assert SENTENCE in self.shown(client)
        return review

    def shown(self, client) -> str:
        return client.get(reverse("reviews:results")).content.decode()

    def test_the_writer_takes_it_back(self, client, case, public):
        mine = reverse("reviews:mine", args=[public.uid])
        back = reverse("reviews:consent-back", args=[public.uid])
        assert back in client.get(mine).content.decode()
        assert client.post(back).status_code == 302
        assert SENTENCE not in self.shown(client)
        page = client.get(mine).content.decode()
        assert "Consent taken back" in page and back not in page
        assert client.post(back, follow=True).status_code == 200, "a second press does nothing"
        assert public.events.filter(step="consent_back").count() == 1
        trail = case.events.filter(kind="repair").order_by("-seq").first()
        assert (trail.data["step"], trail.actor_id) == ("consent_back", None)

    def test_a_closed_one_is_called_closed(self, public, supervisor):
        boss = officers.browser(supervisor)
        boss.cookies["language"] = "zh-hans"
        page = boss.get(at(public)).content.decode()
        assert "<span>已办结</span>" in page and "办结时间" not in page

    def test_who_oversees_takes_it_back_for_a_writer_who_called(self, client, public, supervisor):
        boss = officers.browser(supervisor)
        assert "take_back" in boss.get(at(public)).content.decode()
        assert boss.post(at(public), {"act": "take_back"}).status_code == 302
        assert SENTENCE not in self.shown(client)

    def test_nobody_else_does(self, client, public, second):
        stranger = officers.browser(factories.UserFactory())
        back = reverse("reviews:consent-back", args=[public.uid])
        assert stranger.post(back).status_code == 404
        with pytest.raises(NotAllowed):
            actions.take_consent_back(actor=second, review_id=public.pk)
        assert SENTENCE in self.shown(client)


class TestWords:
    """A desk reads nothing by which it would know who wrote."""

    def test_a_writer_who_names_the_company_is_told(self, client, case, second, supervisor):
        english(client, case.applicant)
        said = {"level": "1", "service": TAX, "comment": f"We, {case.name}, waited."}
        kept = client.post(
            reverse("reviews:leave", args=[case.number]),
            {**said, "confidential": "on"},
            follow=True,
        )
        assert "they name the writer, the company or the case" in kept.content.decode()
        review = Review.objects.get()
        assert case.name not in officers.browser(second).get(at(review)).content.decode()
        assert case.name in officers.browser(supervisor).get(at(review)).content.decode()

    def test_who_doesnt_mind_is_read(self, case, second):
        review = bad(case, comment=f"We, {case.name}, waited.", confidential=False)
        assert case.name in officers.browser(second).get(at(review)).content.decode()

    def test_notes_of_calls_and_answers_are_read_by_the_same_rule(
        self, client, case, second, supervisor
    ):
        review = bad(case)
        note = f"Called {case.applicant.real_name}, 138 1234 5678."
        actions.record_follow_up(actor=supervisor, follow_up_id=review.follow_up.pk, outcome=note)
        submitted(review, second)
        english(client, case.applicant)
        answer = {"answer": "unsolved", "comment": "Call 138 1234 5678 again"}
        said = client.post(reverse("reviews:mine", args=[review.uid]), answer, follow=True)
        assert "Your words are kept from the department" in said.content.decode()
        actions.reassign_repair(
            actor=supervisor,
            review_id=review.pk,
            department=BANKING if factories.officer(BANKING, case.zone) else "",
        )
        banker = User.objects.filter(zone=case.zone).exclude(pk__in=parts.parts_in(review))
        desk = next(user for user in banker if BANKING in user.departments)
        page = english(officers.browser(desk), desk).get(at(review)).content.decode()
        assert "1234" not in page and case.applicant.real_name not in page and "Kept back" in page
        assert "138 1234 5678" in officers.browser(supervisor).get(at(review)).content.decode()
