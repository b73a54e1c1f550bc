"""As the victim, who finds out, refuses, and gets the name back."""

import pytest
from django.urls import reverse

from kernel.cases import actions, desks, trail
from kernel.cases.models import Event, Objection
from kernel.core.errors import Incomplete, NotAllowed
from kernel.form import flow
from tests import driving, factories, phones
from tests.codes import REGISTRATION
from tests.filings import resident_id
from tests.joining import browser
from tests.seconds import revoke_licence
from tests.victim import (
    STRANGERS_PHONE,
    VICTIM,
    VICTIMS_NUMBER,
    VICTIMS_PHONE,
    everybody_but,
    naming_the_victim,
    refusal,
    said,
    signed,
)

pytestmark = pytest.mark.django_db


class TestVictim:
    @pytest.fixture
    def victim(self):
        return factories.UserFactory(
            real_name=VICTIM, id_number=VICTIMS_NUMBER, phone=VICTIMS_PHONE
        )

    def finds_out(self, victim, application):
        """By their number alone, whatever phone the stranger entered; gives their browser at the page of the link."""
        web = browser()
        web.force_login(victim)
        assert application.name in said(web.get(reverse("my")))
        page = web.post(reverse("named", args=[application.uid])).url
        assert VICTIM in said(web.get(page))
        return web, application.signing_requests.get(uid=page.strip("/").split("/")[-1])

    def refuses(self, web, link, kind="not_me") -> Objection:
        given = {"refuse": kind, "words": "I know nobody there."}
        receipt = web.post(reverse("sign-refuse", args=[link.uid]), given).url
        row = Objection.objects.order_by("-pk").first()
        shown = said(web.get(receipt))
        assert row.number in shown and row.check_code in shown and "I know nobody there." in shown
        return row

    def test_a_draft_is_not_submitted_over_them(self, zone, victim):
        draft, _link = naming_the_victim(zone, phone=STRANGERS_PHONE)
        supervisor = factories.supervisor(zone)
        web, link = self.finds_out(victim, draft)
        everybody_but(link, draft)
        row = self.refuses(web, link)
        told = refusal(actions.submit, actor=draft.applicant, application_id=draft.pk)
        assert f"{VICTIM} refuses" in told
        assert draft.applicant.notices.filter(kind="objected").exists()
        assert supervisor.notices.filter(kind="objection").exists()
        given = {"actor": supervisor, "objection_id": row.pk, "outcome": "upheld", "note": "So."}
        actions.decide_objection(**given)
        assert "decided on this already" in refusal(actions.decide_objection, **given)
        assert f"{VICTIM} refuses" in refusal(
            actions.submit, actor=draft.applicant, application_id=draft.pk
        )
        actions.remove_person(
            actor=draft.applicant, application_id=draft.pk, uid=str(row.person), section="officers"
        )
        draft.refresh_from_db()
        assert not browser_sees(web, draft), "the name is theirs again"
        assert trail.faults(draft) == []

    def test_a_case_under_way_stops_and_the_minutes_are_the_supervisors(self, zone, victim, clock):
        draft, _link = naming_the_victim(zone)
        supervisor, officer = factories.supervisor(zone), driving.staff(zone)[REGISTRATION]
        case = factories.submit(actor=draft.applicant, application_id=draft.pk)
        stage = driving.take(REGISTRATION, officer, case)
        web, link = self.finds_out(victim, case)
        row = self.refuses(web, link, "disagree")
        stage.refresh_from_db()
        assert stage.asked_at and row.escalation.is_waiting
        assert stage.clock.spans.get(ended_at=None).holder == "supervisor"
        close = {"actor": officer, "stage_id": stage.pk, "round": 1}
        confirmed = driving.confirmations(case, REGISTRATION)
        with pytest.raises(Incomplete) as refused:
            desks.desk(REGISTRATION).close(**close, confirmed=confirmed)
        assert f"{VICTIM} refuses" in str(refused.value.problems)
        answer = {"actor": supervisor, "escalation_id": row.escalation_id, "answer": "Go on."}
        assert "decide on it" in refusal(actions.answer_escalation, **answer)
        web_of_supervisor = browser()
        web_of_supervisor.force_login(supervisor)
        page = web_of_supervisor.get(reverse("supervision:objections"))
        assert row.number in said(page) and "no stage closes meanwhile" in said(page)
        decide = reverse("supervision:decide", args=[row.pk])
        assert web_of_supervisor.post(decide, {"outcome": "dismissed"}).status_code == 422
        given = {"outcome": "dismissed", "note": "They came to the window and agree."}
        elsewhere = browser()
        elsewhere.force_login(factories.supervisor(factories.ZoneFactory(code="elsewhere")))
        asked = {"zone": zone.code}
        assert row.number not in said(elsewhere.get(reverse("supervision:objections"), asked))
        assert elsewhere.post(decide, given).status_code == 404
        assert web_of_supervisor.post(decide, given).status_code == 302
        stage.refresh_from_db()
        assert (stage.state, stage.awaits) == (flow.AWAITING, "signature"), "they sign after all"
        assert any(row.number in text for text in phones.texts(VICTIMS_PHONE))
        assert signed(web, link).status_code == 302
        stage.refresh_from_db()
        assert stage.state == flow.OPEN
        desks.desk(REGISTRATION).close(**close, confirmed=confirmed)
        case.refresh_from_db()
        assert case.licensed_at and trail.faults(case) == []

    def test_after_the_licence_it_is_a_dispute(self, zone, victim):
        draft, _link = naming_the_victim(zone, phone=STRANGERS_PHONE)
        supervisor, officer = factories.supervisor(zone), driving.staff(zone)[REGISTRATION]
        case = factories.submit(actor=draft.applicant, application_id=draft.pk)
        case = driving.work(REGISTRATION, officer, case)
        web, link = self.finds_out(victim, case)
        row = self.refuses(web, link)
        assert row.escalation is None and row.state == flow.SEALING
        given = {"outcome": "upheld", "note": "Never agreed; the licence is revoked."}
        actions.decide_objection(actor=supervisor, objection_id=row.pk, **given)
        ended = case.events.get(kind=Event.Kind.OBJECTION_ENDED)
        assert ended.actor == supervisor and ended.data["outcome"] == "upheld"
        shown = said(web.get(reverse("sign-receipt", args=[row.uid])))
        assert "Never agreed; the licence is revoked." in shown
        assert "decided on it as a dispute" in shown and "nothing goes on" not in shown
        revoke_licence(actor=supervisor, application_id=case.pk, ground="Obtained by deceit.")
        assert not browser_sees(web, case), "the name is theirs again"

    def test_said_by_mistake_it_is_taken_back(self, zone, victim):
        draft, _link = naming_the_victim(zone)
        web, link = self.finds_out(victim, draft)
        row = self.refuses(web, link)
        assert "You refused to sign" in said(web.get(reverse("sign", args=[link.uid])))
        assert web.post(reverse("sign-take-back", args=[link.uid])).status_code == 302
        row.refresh_from_db()
        assert row.ended_at and not Objection.objects.standing().exists()
        assert signed(web, link).status_code == 302

    def test_who_refused_a_case_under_way_and_signs_after_all_lets_it_go_on(self, zone, victim):
        draft, _link = naming_the_victim(zone)
        officer = driving.staff(zone)[REGISTRATION]
        case = factories.submit(actor=draft.applicant, application_id=draft.pk)
        stage = driving.take(REGISTRATION, officer, case)
        web, link = self.finds_out(victim, case)
        row = self.refuses(web, link)
        assert web.post(reverse("sign-take-back", args=[link.uid])).status_code == 302
        stage.refresh_from_db()
        row.escalation.refresh_from_db()
        assert row.escalation.let_go_at and stage.asked_at is None
        assert (stage.state, stage.awaits) == (flow.AWAITING, "signature")
        assert signed(web, link).status_code == 302
        stage.refresh_from_db()
        assert stage.state == flow.OPEN
        again = self.refuses(web, link, "disagree")
        assert again.number != row.number
        case.refresh_from_db()
        assert trail.faults(case) == []

    def test_after_a_return_the_case_comes_back_without_them(self, zone, victim):
        draft, _link = naming_the_victim(zone)
        officer, supervisor = driving.staff(zone)[REGISTRATION], factories.supervisor(zone)
        case = factories.submit(actor=draft.applicant, application_id=draft.pk)
        stage = driving.take(REGISTRATION, officer, case)
        web, link = self.finds_out(victim, case)
        row = self.refuses(web, link)
        given = {"outcome": "upheld", "note": "Named without knowing it."}
        actions.decide_objection(actor=supervisor, objection_id=row.pk, **given)
        ground = {"standard": "S-16", "fields": ["shareholders.people"], "how_to_fix": "Replace."}
        actions.return_stage(actor=officer, stage_id=stage.pk, round=1, grounds=[ground])
        back = {"actor": case.applicant, "application_id": case.pk, "department": REGISTRATION}
        assert f"{VICTIM} refuses" in refusal(actions.resubmit, **back)
        person = case.people.get(uid=row.person)
        other = {
            "name": "周予安",
            "id_number": resident_id("19900101", 103),
            "phone": "13800000001",
        }
        actions.save_person(
            actor=case.applicant,
            application_id=case.pk,
            uid=str(person.uid),
            data={**person.data, **other},
        )
        assert factories.resubmit(**back).state == flow.LICENSING
        stage.refresh_from_db()
        assert stage.state == flow.OPEN and not browser_sees(web, case)

    def replaced(self, draft, row, **other):
        """The applicant writes somebody else, or the same again, into the entry that refused."""
        person = draft.people.get(uid=row.person)
        actions.save_person(
            actor=draft.applicant,
            application_id=draft.pk,
            uid=str(person.uid),
            data={**person.data, **other},
        )

    def test_whoever_is_entered_in_their_place_takes_nothing_back_for_them(self, zone, victim):
        draft, _link = naming_the_victim(zone)
        web, link = self.finds_out(victim, draft)
        row = self.refuses(web, link)
        other = {"name": "周予安", "id_number": resident_id("19900101", 103)}
        self.replaced(draft, row, **other, phone="13800000001")
        accomplice = browser()
        accomplice.force_login(
            factories.UserFactory(real_name=other["name"], id_number=other["id_number"])
        )
        page = reverse("sign", args=[link.uid])
        assert row.number not in said(accomplice.get(page))
        assert "You refused to sign" not in said(accomplice.get(page))
        assert accomplice.post(reverse("sign-take-back", args=[link.uid])).url == page
        row.refresh_from_db()
        assert row.ended_at is None, "the victim's word is the victim's to take back"
        own = self.refuses(accomplice, link, "disagree")
        assert own.number != row.number and own.name == other["name"]
        assert accomplice.post(reverse("sign-take-back", args=[link.uid])).status_code == 302
        assert signed(accomplice, link).status_code == 302
        self.replaced(draft, row, name=VICTIM, id_number=VICTIMS_NUMBER, phone=VICTIMS_PHONE)
        everybody_but(link, draft)
        told = refusal(actions.submit, actor=draft.applicant, application_id=draft.pk)
        assert f"{VICTIM} refuses" in told

    def test_entered_anew_they_refuse_still(self, zone, victim):
        draft, _link = naming_the_victim(zone)
        web, link = self.finds_out(victim, draft)
        row = self.refuses(web, link)
        data = draft.people.get(uid=row.person).data
        given = {"actor": draft.applicant, "application_id": draft.pk}
        actions.remove_person(**given, uid=str(row.person), section="shareholders")
        actions.remove_person(**given, uid=str(row.person), section="officers")
        actions.save_person(**given, uid=None, data=data, section="shareholders")
        factories.cards(draft)
        _web, anew = self.finds_out(victim, draft)
        assert anew.person != row.person
        everybody_but(anew, draft)
        assert f"{VICTIM} refuses" in refusal(actions.submit, **given)
        assert "You refused to sign" in said(web.get(reverse("sign", args=[anew.uid])))

    def test_who_was_dismissed_and_refuses_again_may_sign_after_all(self, zone, victim):
        draft, _link = naming_the_victim(zone)
        supervisor = factories.supervisor(zone)
        web, link = self.finds_out(victim, draft)
        given = {"outcome": "dismissed", "note": "They came and agree."}
        first = self.refuses(web, link)
        actions.decide_objection(actor=supervisor, objection_id=first.pk, **given)
        again = self.refuses(web, link, "disagree")
        assert signed(web, link).status_code == 302
        again.refresh_from_db()
        assert again.ended_at

    def test_of_two_who_refuse_the_supervisor_is_asked_about_each(self, zone, victim):
        """Also where the window had asked something else when they did."""
        draft, _link = naming_the_victim(zone)
        supervisor, officer = factories.supervisor(zone), driving.staff(zone)[REGISTRATION]
        case = factories.submit(actor=draft.applicant, application_id=draft.pk)
        stage = driving.take(REGISTRATION, officer, case)
        asked = actions.escalate(actor=officer, stage_id=stage.pk, question="Is it so?")
        web, link = self.finds_out(victim, case)
        row = self.refuses(web, link)
        founder = next(str(p.uid) for p in case.people.order_by("pk") if p.uid != row.person)
        other = actions.object_to(
            application_id=case.pk, person=founder, kind="disagree", proof={"by": "test"}
        )
        answer = {"actor": supervisor, "answer": "Yes."}
        actions.answer_escalation(**answer, escalation_id=asked.pk)
        row.refresh_from_db()
        assert row.escalation.is_waiting, "it had to wait for the window's own question"
        assert web.post(reverse("sign-take-back", args=[link.uid])).status_code == 302
        other.refresh_from_db()
        stage.refresh_from_db()
        assert other.escalation.is_waiting and stage.asked_at
        assert stage.clock.spans.get(ended_at=None).holder == "supervisor"
        given = {"outcome": "upheld", "note": "Never asked."}
        actions.decide_objection(actor=supervisor, objection_id=other.pk, **given)
        stage.refresh_from_db()
        assert stage.state == flow.OPEN and stage.asked_at is None
        case.refresh_from_db()
        assert trail.faults(case) == []

    def test_taken_back_after_they_were_replaced_the_windows_question_stays(self, zone, victim):
        draft, _link = naming_the_victim(zone)
        officer = driving.staff(zone)[REGISTRATION]
        case = factories.submit(actor=draft.applicant, application_id=draft.pk)
        stage = driving.take(REGISTRATION, officer, case)
        row = self.refuses(*self.finds_out(victim, case))
        ground = {"standard": "S-16", "fields": ["shareholders.people"], "how_to_fix": "Replace."}
        actions.return_stage(actor=officer, stage_id=stage.pk, round=1, grounds=[ground])
        other = {"name": "周予安", "id_number": resident_id("19900101", 103)}
        self.replaced(draft, row, **other, phone="13800000001")
        factories.resubmit(actor=case.applicant, application_id=case.pk, department=REGISTRATION)
        asked = actions.escalate(actor=officer, stage_id=stage.pk, question="Is it so?")
        actions.take_back_objection(objection_id=row.pk)
        asked.refresh_from_db()
        stage.refresh_from_db()
        assert asked.is_waiting and stage.asked_at

    def test_of_a_case_that_has_ended_no_page_says_that_it_is_stopped_or_signed(self, zone, victim):
        draft, _link = naming_the_victim(zone)
        web, link = self.finds_out(victim, draft)
        page = reverse("sign", args=[link.uid])
        assert "<title>Sign the papers" in said(web.get(page))
        self.refuses(web, link)
        actions.withdraw(actor=draft.applicant, application_id=draft.pk)
        overseer = browser()
        overseer.force_login(factories.supervisor(zone))
        listed = said(overseer.get(reverse("supervision:objections")))
        assert "The case has ended" in listed and "meanwhile" not in listed
        assert web.post(reverse("sign-take-back", args=[link.uid])).status_code == 302
        assert "<title>You are named in this filing" in said(web.get(page)), "nothing was signed"

    def test_dismissed_where_no_signature_is_asked_for_none_is_spoken_of(self, zone, victim):
        zone.settings |= {"signatures_required": False}
        zone.save()
        draft, _link = naming_the_victim(zone)
        web, link = self.finds_out(victim, draft)
        row = self.refuses(web, link)
        given = {"outcome": "dismissed", "note": "They agreed."}
        actions.decide_objection(actor=factories.supervisor(zone), objection_id=row.pk, **given)
        shown = said(web.get(reverse("sign-receipt", args=[row.uid])))
        assert "has dismissed it" in shown and "without your signature" not in shown

    def test_a_stranger_decides_and_refuses_nothing_for_them(self, zone, victim):
        draft, link = naming_the_victim(zone)
        stranger = browser()
        stranger.force_login(factories.UserFactory(id_number=resident_id("19910202", 103)))
        given = {"refuse": "not_me"}
        assert stranger.post(reverse("sign-refuse", args=[link.uid]), given).status_code == 302
        assert stranger.post(reverse("named", args=[draft.uid])).url == reverse("my")
        assert not Objection.objects.exists()
        web, own = self.finds_out(victim, draft)
        row = self.refuses(web, own)
        other = factories.supervisor(factories.ZoneFactory(code="other"))
        with pytest.raises(NotAllowed):
            actions.decide_objection(
                actor=other, objection_id=row.pk, outcome="dismissed", note="Mine."
            )


def browser_sees(web, application) -> bool:
    return application.name in said(web.get(reverse("my")))
