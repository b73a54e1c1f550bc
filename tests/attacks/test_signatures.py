"""As a stranger would: a company in somebody's name, by their number, an old link, a shared draft, a power of attorney
that ended. Then as the victim, who finds out, refuses, and gets the name back."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import translation

from kernel.accounts import real_names
from kernel.cases import actions, desks, founders_papers, trail
from kernel.cases.models import Event, Objection, Share
from kernel.cases.signers import signer_of, signers_of
from kernel.core.errors import Incomplete, NotAllowed, Refused
from kernel.form import flow
from kernel.form.choices import AgentPower
from registration.actions import revoke_licence
from tests import driving, factories, phones
from tests.codes import REGISTRATION
from tests.factories import MORNING
from tests.filings import resident_id
from tests.joining import browser

VICTIM, VICTIMS_PHONE, VICTIMS_NUMBER = "赵六", "13900000001", resident_id("19850505", 301)
STRANGERS_PHONE = "13900000002"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(travel):
    travel(MORNING)
    with translation.override("en"):
        yield lambda minutes: travel(MORNING + timedelta(minutes=minutes))


@pytest.fixture(autouse=True)
def _known(monkeypatch):
    """The register of names knows the victim, with the phone that is theirs."""
    monkeypatch.setattr(
        real_names, "_registers", [lambda: [(VICTIM, VICTIMS_NUMBER, VICTIMS_PHONE)]]
    )


@pytest.fixture
def zone():
    return factories.ZoneFactory()


def said(answer) -> str:
    return unescape(answer.content.decode())


def naming_the_victim(zone, phone=VICTIMS_PHONE, **fields):
    """A draft whose second founder has the victim's name and number, and the phone that the stranger entered."""
    draft = factories.draft("1130", zone=zone, **fields)
    person = draft.people.order_by("pk")[1]
    person.data = person.data | {"name": VICTIM, "id_number": VICTIMS_NUMBER, "phone": phone}
    person.save()
    actions.ask_signatures(actor=draft.applicant, application_id=draft.pk)
    return draft, draft.signing_requests.get(person=person.uid)


def opened(link, web=None):
    """The link with the code that its phone was sent."""
    web = web or browser()
    page = reverse("sign", args=[link.uid])
    assert (
        web.post(reverse("sign-code", args=[link.uid]), {"code": phones.code_for(link)}).url == page
    )
    return web


def signed(web, link):
    """Read all that is shown, tick, and sign."""
    shown = web.get(reverse("sign", args=[link.uid]))
    seen = [f"{paper['kind']}:{paper['digest']}" for paper in shown.context["page"].papers]
    return web.post(reverse("sign-confirm", args=[link.uid]), {"seen": seen, "agreed": "1"})


def everybody_but(link, application) -> None:
    """All others sign."""
    case = founders_papers.standing(application)
    for signer in signers_of(case):
        if signer.person.uid != str(link.person):
            actions.sign_as(
                application_id=application.pk,
                person=signer.person.uid,
                seen={kind: signer.papers[kind] for kind in signer.void},
                proof={"by": "test"},
            )


def refusal(call, **given) -> str:
    with pytest.raises(Refused) as refused:
        call(**given)
    problems = getattr(refused.value, "problems", ())
    return " ".join([str(refused.value), *(str(sentence) for sentence, _keys in problems)])


class TestStranger:
    def test_with_somebodys_number_and_a_phone_of_their_own(self, zone):
        """The code arrives, and nobody signs: name, number and phone don't belong together."""
        draft, link = naming_the_victim(zone, phone=STRANGERS_PHONE)
        web = opened(link)
        shown = said(web.get(reverse("sign", args=[link.uid])))
        assert "don't belong together" in shown and 'name="seen"' not in shown
        answer = signed(web, link)
        assert answer.status_code == 422 and "don't belong together" in said(answer)
        everybody_but(link, draft)
        told = refusal(actions.submit, actor=draft.applicant, application_id=draft.pk)
        assert f"{VICTIM} has not signed yet." in told

    def test_while_the_gateway_is_away_nothing_is_signed_and_it_can_be_tried_again(
        self, zone, monkeypatch
    ):
        _draft, link = naming_the_victim(zone)
        true = real_names.judge
        monkeypatch.setattr(real_names, "judge", lambda *_given: real_names.Answer.UNAVAILABLE)
        web = opened(link)
        answer = web.post(reverse("sign-confirm", args=[link.uid]), {"agreed": "1"})
        assert answer.status_code == 422 and "can't be reached" in said(answer)
        monkeypatch.setattr(real_names, "judge", true)
        empty = web.post(reverse("sign-confirm", args=[link.uid]), {"agreed": "1"})
        assert empty.status_code == 422, "the papers are read first"
        assert signed(web, link).status_code == 302

    def test_with_an_old_signing_link(self, zone):
        """Once another phone is entered, what was opened with the old one is shut."""
        draft, link = naming_the_victim(zone, phone=STRANGERS_PHONE)
        web = opened(link)
        person = draft.people.get(uid=link.person)
        given = {"actor": draft.applicant, "application_id": draft.pk, "uid": str(person.uid)}
        actions.save_person(**given, data={**person.data, "phone": VICTIMS_PHONE})
        assert signed_nothing(web, link)

    def test_with_a_link_after_the_licence(self, zone):
        draft, link = naming_the_victim(zone)
        web = opened(link)
        officer = driving.staff(zone)[REGISTRATION]
        case = factories.submit(actor=draft.applicant, application_id=draft.pk)
        driving.work(REGISTRATION, officer, case)
        shown = said(web.get(reverse("sign", args=[link.uid])))
        assert 'name="agreed"' not in shown and "The licence is issued." in shown
        assert signed_nothing(web, link)

    def test_in_a_shared_draft_signs_for_nobody_and_submits_nothing(self, zone):
        draft, link = naming_the_victim(zone)
        stranger = factories.UserFactory(phone=STRANGERS_PHONE)
        share = actions.offer_share(
            actor=draft.applicant,
            application_id=draft.pk,
            phone=stranger.phone,
            kind=Share.Kind.WORK,
        )
        actions.accept_share(actor=stranger, uid=str(share.uid))
        web = browser()
        web.force_login(stranger)
        answer = web.post(reverse("filing:sign-own", args=[draft.ref]), follow=True)
        assert "You have nothing to sign in this case" in said(answer)
        assert signed_nothing(web, link)
        factories.signed(draft)
        with pytest.raises(NotAllowed, match="Only the applicant can do this"):
            actions.submit(actor=stranger, application_id=draft.pk)

    def test_who_is_no_founder_files_as_an_agent_whatever_they_tick(self, zone):
        stranger = factories.UserFactory(id_number=resident_id("19910202", 103))
        draft = factories.signed(factories.draft(applicant=stranger, zone=zone, as_founder=False))
        given = {"actor": stranger, "application_id": draft.pk}
        assert "you file as an agent" in refusal(actions.submit, **given)
        check = browser()
        check.force_login(stranger)
        assert "you file as an agent" in said(check.get(reverse("filing:check", args=[draft.ref])))
        data = {"name": "Other", "id_number": VICTIMS_NUMBER, "phone": VICTIMS_PHONE}
        data |= factories.CARD
        other = actions.save_person(**given, uid=None, section="agent", data=data)
        chosen = {"files_by": "agent", "agent": str(other.uid), "powers": [*AgentPower.values]}
        values = chosen | {"until": "2026-06-30"}
        actions.save_section(**given, section="agent", values=values)
        factories.cards(draft)
        factories.signed(draft)
        assert "names somebody else" in refusal(actions.submit, **given)

    def test_after_the_power_of_attorney_has_ended(self, zone, clock):
        agent = factories.UserFactory(id_number=resident_id("19910202", 103))
        draft = factories.draft(applicant=agent, zone=zone, as_founder=False)
        given = {"actor": agent, "application_id": draft.pk}
        data = {"name": "Agent", "id_number": agent.id_number, "phone": "13900000003"}
        data |= factories.CARD
        person = actions.save_person(**given, uid=None, section="agent", data=data)
        values = {"files_by": "agent", "agent": str(person.uid), "powers": [*AgentPower.values]}
        actions.save_section(**given, section="agent", values=values | {"until": "2026-03-18"})
        factories.cards(draft)
        factories.submit(**given)
        clock(24 * 60)
        assert "ended on 18 March 2026" in refusal(actions.ask_signatures, **given)
        assert "ended on 18 March 2026" in refusal(actions.withdraw, **given)


def signed_nothing(web, link) -> bool:
    """Whatever is posted: no signature of this link's person exists."""
    shown = web.get(reverse("sign", args=[link.uid]))
    case = founders_papers.standing(link.application)
    signer = signer_of(case, str(link.person))
    seen = [f"{kind}:{digest}" for kind, digest in signer.papers.items()] if signer else []
    link.application.refresh_from_db()
    before = dict(link.application.answers.get("signatures", {}).get(str(link.person), {}))
    web.post(reverse("sign-confirm", args=[link.uid]), {"seen": seen, "agreed": "1"})
    link.application.refresh_from_db()
    after = link.application.answers.get("signatures", {}).get(str(link.person), {})
    return shown.status_code == 200 and before == after


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
