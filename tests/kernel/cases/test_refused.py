"""One refusal each, of verbs whose refusals no page leads to: another order of clicks, another program, a race."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from django.utils.translation import override

from kernel.accounts.models import Role
from kernel.bookings.models import Diary
from kernel.cases import actions
from kernel.cases.founders_papers import standing
from kernel.cases.models import Escalation, Objection
from kernel.core.errors import Incomplete, NotAllowed, Refused, Stale
from kernel.core.moment import now
from kernel.form import id_copies
from kernel.form.uploads import MOST_FILES, CheckedFile
from portal.supervision.adoption import adopt_budget
from seals import actions as seals
from seals import handing_over
from tests import driving, factories
from tests.codes import BANKING, REGISTRATION, SEALS
from tests.factories import MORNING

pytestmark = pytest.mark.django_db
PROOF = {"by": "test"}


@pytest.fixture(autouse=True)
def _morning(travel):
    travel(MORNING)
    with override("en"):
        yield


@pytest.fixture
def officers():
    return driving.staff(factories.ZoneFactory())


@pytest.fixture
def case(officers):
    return factories.filed(zone=officers[REGISTRATION].zone)


def at_the_bank(officers, case):
    for department in (REGISTRATION, SEALS):
        driving.work(department, officers[department], case)
    return {"actor": officers[BANKING], "stage_id": factories.stage(case, BANKING).pk}


def sent(officers, case):
    for department in (REGISTRATION, SEALS):
        driving.work(department, officers[department], case)
    desk = {"actor": officers[SEALS], "application_id": case.pk}
    handing_over.send(**desk, carrier="sf", tracking_number="SF0000000111")
    return desk


def refusal(person: str, kind: str, case) -> Objection:
    return actions.object_to(application_id=case.pk, person=person, kind=kind, proof=PROOF)


class TestAtTheBank:
    def test_who_has_arrived_does_not_arrive_twice(self, officers, case):
        given = at_the_bank(officers, case)
        actions.record_arrival(**given)
        with pytest.raises(Refused, match="has arrived already"):
            actions.record_arrival(**given)

    def test_who_needed_no_appointment_missed_none(self, officers, case):
        given = at_the_bank(officers, case)
        actions.take(**given)
        with pytest.raises(Refused, match="no appointment that could have been missed"):
            actions.record_no_show(**given)

    @pytest.mark.parametrize("verb", [actions.record_arrival, actions.record_no_show])
    def test_nobody_is_met_at_another_desk(self, officers, case, verb):
        stage = factories.stage(case, REGISTRATION)
        with pytest.raises(Stale):
            verb(actor=officers[REGISTRATION], stage_id=stage.pk)

    def test_a_time_that_is_not_offered_is_not_booked(self, officers, case):
        at_the_bank(officers, case)
        wanted = {"actor": case.applicant, "application_id": case.pk}
        with pytest.raises(Refused, match="Nobody is received at this time"):
            actions.choose_appointment(**wanted, begins_at=now() + timedelta(days=1))
        Diary.objects.update(is_open=False)
        with pytest.raises(Refused, match="takes no bookings now"):
            actions.choose_appointment(**wanted, begins_at=now() + timedelta(days=1))


class TestAsking:
    @pytest.fixture
    def stage(self, officers, case):
        return driving.take(REGISTRATION, officers[REGISTRATION], case)

    def ask(self, officers, stage, question="Is it so?") -> Escalation:
        return actions.escalate(actor=officers[REGISTRATION], stage_id=stage.pk, question=question)

    def test_a_question_has_words(self, officers, stage):
        with pytest.raises(Incomplete, match="Write what the supervisor has to decide"):
            self.ask(officers, stage, "  ")

    def test_one_question_at_a_time(self, officers, stage):
        self.ask(officers, stage)
        with pytest.raises(Refused, match="has been asked already"):
            self.ask(officers, stage)

    def test_an_answer_has_words_and_comes_once(self, officers, stage):
        asked = self.ask(officers, stage)
        answering = {
            "actor": factories.UserFactory(role=Role.SUPERVISOR, zone=stage.application.zone),
            "escalation_id": asked.pk,
        }
        with pytest.raises(Incomplete, match="Write the answer"):
            actions.answer_escalation(**answering, answer=" ")
        actions.answer_escalation(**answering, answer="Yes.")
        with pytest.raises(Refused, match="was answered already"):
            actions.answer_escalation(**answering, answer="No.")


class TestRefusingToSign:
    @pytest.fixture
    def person(self, case):
        return str(case.people.order_by("pk").first().uid)

    def test_it_says_why(self, case, person):
        with pytest.raises(Incomplete, match="Say whether it isn't you"):
            refusal(person, "perhaps", case)

    def test_only_who_is_named_refuses(self, case):
        with pytest.raises(Refused, match="not named in this case"):
            refusal("4" * 8 + "-0000-4000-8000-" + "4" * 12, Objection.Kind.NOT_ME, case)

    def test_a_case_that_has_ended_binds_nobody(self, case, person):
        actions.withdraw(actor=case.applicant, application_id=case.pk)
        with pytest.raises(Refused, match="This case has ended"):
            refusal(person, Objection.Kind.NOT_ME, case)

    def test_a_decision_is_chosen_has_grounds_and_is_made_once(self, case, person):
        row = refusal(person, Objection.Kind.NOT_ME, case)
        deciding = {
            "actor": factories.UserFactory(role=Role.SUPERVISOR, zone=case.zone),
            "objection_id": row.pk,
        }
        outcome = Objection.Outcome.values[0]
        with pytest.raises(Incomplete, match="Choose the decision"):
            actions.decide_objection(**deciding, outcome="", note="So it is.")
        with pytest.raises(Incomplete, match="Write the grounds"):
            actions.decide_objection(**deciding, outcome=outcome, note=" ")
        actions.decide_objection(**deciding, outcome=outcome, note="So it is.")
        with pytest.raises(Refused, match="has decided on this already"):
            actions.decide_objection(**deciding, outcome=outcome, note="So it is.")
        with pytest.raises(Refused, match="has decided on this already"):
            actions.take_back_objection(objection_id=row.pk)


class TestFilesAndOffers:
    def test_twenty_files_of_a_kind_are_enough(self, officers):
        draft = factories.draft(zone=officers[REGISTRATION].zone)
        given = {"actor": draft.applicant, "application_id": draft.pk, "kind": "address_proof"}
        have = draft.materials.filter(kind="address_proof").count()
        for place in range(MOST_FILES - have):
            content = b"%PDF" + bytes([place])
            actions.add_material(
                **given, checked=CheckedFile(f"{place}.pdf", content, "application/pdf", 1)
            )
        with pytest.raises(Refused, match="20 files here already"):
            actions.add_material(
                **given, checked=CheckedFile("more.pdf", b"%PDF", "application/pdf", 1)
            )

    def test_a_card_without_its_person_is_nobodys(self, officers):
        draft = factories.draft(zone=officers[REGISTRATION].zone)
        given = {"actor": draft.applicant, "application_id": draft.pk}
        card = CheckedFile("card.jpg", b"one", "image/jpeg", 1)
        with pytest.raises(Refused, match="Say whose identity card this is"):
            actions.add_material(**given, kind="id_copies", checked=card)
        sheets = CheckedFile("sheets.pdf", b"%PDF", "application/pdf", 2)
        place = next(iter(id_copies.places(standing(draft).filing))).name
        with pytest.raises(Refused, match="Save each side as a file of its own"):
            actions.add_id_copy(**given, place=place, checked=sheets)
        with pytest.raises(Refused, match="Nobody is asked for this any more"):
            actions.add_id_copy(**given, place="id_copies.nobody.front", checked=card)
        actions.add_id_copy(**given, place=place, checked=card)
        other = place.replace("front", "back")
        with pytest.raises(Refused, match="the same picture as the other side"):
            actions.add_id_copy(**given, place=other, checked=card)
        material = draft.materials.get(filename="card.jpg")
        with pytest.raises(Refused, match="a file is here already"):
            actions.place_id_copy(**given, uid=str(material.uid), place=place)

    @pytest.mark.parametrize(
        "verb", [actions.accept_share, actions.refuse_share, actions.end_share]
    )
    def test_what_was_never_offered_is_nobodys(self, verb):
        with pytest.raises(NotAllowed):
            verb(actor=factories.UserFactory(), uid="4" * 8 + "-0000-4000-8000-" + "4" * 12)

    def test_what_cannot_follow_later_is_said(self, officers):
        draft = factories.draft(zone=officers[REGISTRATION].zone)
        with pytest.raises(Refused, match="This can't follow later"):
            actions.ask_deferral(
                actor=draft.applicant, application_id=draft.pk, standard="R-04", committed=True
            )


class TestSeals:
    def test_an_identity_without_pictures_is_not_captured(self, officers, case):
        driving.work(REGISTRATION, officers[REGISTRATION], case)
        stage = driving.take(SEALS, officers[SEALS], case)
        with pytest.raises(Incomplete, match="isn't captured yet"):
            seals.capture_identity(
                actor=officers[SEALS],
                stage_id=stage.pk,
                person=driving.head(case),
                how="",
                pictures={},
            )

    def test_a_parcel_ends_in_one_of_three_ways(self, officers, case):
        desk = sent(officers, case)
        with pytest.raises(Refused, match="Say what became of the parcel"):
            handing_over.record_end(**desk, parcel=1, outcome="somewhere")

    def test_a_parcel_of_another_number_did_not_end(self, officers, case):
        desk = sent(officers, case)
        with pytest.raises(Stale):
            handing_over.record_end(**desk, parcel=2, outcome="delivered")

    def test_a_lost_set_waits_at_no_window(self, officers, case):
        desk = sent(officers, case)
        handing_over.record_end(**desk, parcel=1, outcome="lost")
        with pytest.raises(Stale):
            handing_over.keep_for_collection(**desk)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ground": " "}, "Write why this budget is right"),
        ({"clock": "sundial"}, "Choose a clock"),
        ({"minutes": 0}, "Choose a clock"),
    ],
)
def test_a_budget_has_a_ground_a_clock_and_minutes(officers, change, sentence):
    supervisor = factories.UserFactory(role=Role.SUPERVISOR, zone=officers[REGISTRATION].zone)
    given = {"clock": "tax", "minutes": 20, "ground": "The mean of a month."}
    with pytest.raises(Incomplete, match=sentence):
        adopt_budget(
            actor=supervisor,
            effective_from=localdate(now()) + timedelta(days=1),
            sample={},
            **given | change,
        )
