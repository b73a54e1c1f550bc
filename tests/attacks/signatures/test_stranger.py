"""As a stranger would: a company in somebody's name, by their number, an old link, a shared draft, a power of attorney
that ended."""

import pytest
from django.urls import reverse

from kernel.accounts import real_names
from kernel.cases import actions, founders_papers
from kernel.cases.models import Share
from kernel.cases.signers import signer_of
from kernel.core.errors import NotAllowed
from kernel.form.choices import AgentPower
from tests import driving, factories
from tests.codes import REGISTRATION
from tests.filings import resident_id
from tests.joining import browser
from tests.victim import (
    STRANGERS_PHONE,
    VICTIM,
    VICTIMS_NUMBER,
    VICTIMS_PHONE,
    everybody_but,
    naming_the_victim,
    opened,
    refusal,
    said,
    signed,
)

pytestmark = pytest.mark.django_db


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
