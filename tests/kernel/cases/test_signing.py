"""Signing: who is asked, the one-time code, what a signature stands for, and what a change after it does."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from kernel.accounts import one_time_codes
from kernel.accounts.one_time_codes import NoCode, OneTimeCode, Purpose, WrongCode
from kernel.cases import actions, desks, founders_papers, trail
from kernel.cases.models import Event, SigningRequest
from kernel.cases.signers import signers_of, unsigned_of
from kernel.core.errors import Incomplete, NotAllowed, Refused
from kernel.core.outbox.models import Message
from kernel.core.privacy import mask_id
from kernel.core.text_messages.models import TextMessage
from kernel.form import flow
from kernel.standards import publishing
from tests import driving, factories, officers, phones
from tests.codes import REGISTRATION
from tests.factories import MORNING
from tests.filings import resident_id

pytestmark = pytest.mark.django_db

FIRST = resident_id("19900101", 101)  # the first founder's, who files
OTHER = next(
    number
    for day in range(2, 29)
    for number in [resident_id(f"199001{day:02}", 101)]
    if number[-4:] == FIRST[-4:]
)  # born on another day; what is printed of it is the same


@pytest.fixture
def clock(travel):
    travel(MORNING)
    return travel


@pytest.fixture
def draft(clock):
    return factories.draft("1130", applicant=factories.UserFactory(id_number=FIRST))


@pytest.fixture
def asked(draft):
    actions.ask_signatures(actor=draft.applicant, application_id=draft.pk)
    return draft


def case(application) -> founders_papers.Standing:
    application.refresh_from_db()
    return founders_papers.standing(application)


def code_of(link: SigningRequest) -> str:
    """The code that was sent last, as the signer's phone shows it."""
    return phones.code_for(link)


def sign(link: SigningRequest) -> None:
    signer = next(
        one for one in signers_of(case(link.application)) if one.person.uid == str(link.person)
    )
    seen = {kind: signer.papers[kind] for kind in signer.void}
    actions.sign(request_uid=link.uid, seen=seen, proof={"by": "code"})


def sign_all(application) -> None:
    actions.ask_signatures(actor=application.applicant, application_id=application.pk)
    for link in application.signing_requests.all():
        sign(link)


def change_person(application, uid: str, **changes) -> None:
    person = application.people.get(uid=uid)
    given = {"actor": application.applicant, "application_id": application.pk, "uid": uid}
    actions.save_person(**given, data={**person.data, **changes})


def save(application, section: str, **values) -> None:
    stored = case(application).application.answers[section]
    actions.save_section(
        actor=application.applicant,
        application_id=application.pk,
        section=section,
        values={**stored, **values},
    )


class TestAsking:
    def test_everybody_who_signs_gets_a_link_and_a_code(self, asked):
        links = {str(link.person) for link in asked.signing_requests.all()}
        assert (
            links == {signer.person.uid for signer in signers_of(case(asked))} and len(links) >= 2
        )
        texts = phones.texts()
        assert len(texts) == len(links) and all(
            any(uid in text for text in texts)
            for uid in map(str, asked.signing_requests.values_list("uid", flat=True))
        )

    def test_nothing_of_the_code_or_the_person_is_kept_in_clear(self, asked):
        names = [signer.person.name for signer in signers_of(case(asked))]
        sent = phones.texts()
        assert sent and not any(name in text for name in names for text in sent)
        kept = str([list(model.objects.values()) for model in (OneTimeCode, TextMessage, Message)])
        code, phone = code_of(asked.signing_requests.first()), asked.people.first().data["phone"]
        assert code not in kept and phone not in kept

    def test_asking_again_sends_new_codes_by_the_same_links(self, asked):
        before = {link.uid: code_of(link) for link in asked.signing_requests.all()}
        actions.ask_signatures(actor=asked.applicant, application_id=asked.pk)
        assert {link.uid for link in asked.signing_requests.all()} == set(before)
        first = asked.signing_requests.first()
        if code_of(first) != before[first.uid]:
            with pytest.raises(Refused):
                actions.open_link(request_uid=first.uid, code=before[first.uid])

    def test_only_the_applicant_may_ask_and_only_until_the_licence(self, asked):
        with pytest.raises(NotAllowed):
            actions.ask_signatures(actor=factories.UserFactory(), application_id=asked.pk)
        window = driving.staff(asked.zone)[REGISTRATION]
        filed = factories.submit(actor=asked.applicant, application_id=asked.pk)
        assert actions.ask_signatures(actor=asked.applicant, application_id=asked.pk) == 0
        driving.work(REGISTRATION, window, filed)
        with pytest.raises(Refused):
            actions.ask_signatures(actor=asked.applicant, application_id=asked.pk)
        with pytest.raises(Refused):
            sign(asked.signing_requests.first())

    def test_an_unfinished_draft_has_nothing_to_sign(self, clock):
        user = factories.UserFactory()
        empty = actions.begin_draft(actor=user, zone=factories.ZoneFactory(), company_type="1130")
        with pytest.raises(Refused):
            actions.ask_signatures(actor=user, application_id=empty.pk)

    def test_a_phone_that_was_sent_too_many_gets_no_more_and_the_others_do(self, draft, clock):
        first = draft.people.first()
        for minute in range(10):
            clock(MORNING + timedelta(minutes=2 * minute))
            one_time_codes.draw(Purpose.REGISTER, first.data["phone"])
        clock(MORNING + timedelta(minutes=30))
        signers = len(signers_of(case(draft)))
        given = {"actor": draft.applicant, "application_id": draft.pk}
        assert actions.ask_signatures(**given) == signers - 1


class TestCode:
    def test_opens_once(self, asked):
        link = asked.signing_requests.first()
        code = code_of(link)
        actions.open_link(request_uid=link.uid, code=f" {code} ")
        with pytest.raises(Refused):
            actions.open_link(request_uid=link.uid, code=code)

    def test_five_wrong_ones_end_it(self, asked):
        link = asked.signing_requests.first()
        for _try in range(5):
            with pytest.raises(Refused):
                actions.open_link(request_uid=link.uid, code="x")
        with pytest.raises(Refused):
            actions.open_link(request_uid=link.uid, code=code_of(link))

    def test_it_runs_out_and_a_new_one_is_sent_once_a_minute(self, asked, clock):
        link = asked.signing_requests.first()
        code = code_of(link)
        with pytest.raises(Refused):
            actions.send_again(request_uid=link.uid)
        clock(MORNING + timedelta(minutes=10))
        with pytest.raises(Refused):
            actions.open_link(request_uid=link.uid, code=code)
        actions.send_again(request_uid=link.uid)
        actions.open_link(request_uid=link.uid, code=code_of(link))

    def test_the_last_of_five_wrong_ones_says_so(self, asked):
        link = asked.signing_requests.first()
        said = []
        for _try in range(5):
            with pytest.raises(Refused) as refused:
                actions.open_link(request_uid=link.uid, code="x")
            said.append(refused.value.sentence)
        assert said == [WrongCode.sentence] * 4 + [NoCode.sentence]

    def test_it_is_read_as_a_phone_in_china_may_type_it(self, asked):
        link = asked.signing_requests.first()
        wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code_of(link))
        actions.open_link(request_uid=link.uid, code=f"{wide[:3]} {wide[3:]}")

    def test_one_button_pressed_twice_sends_one_code(self, asked, clock):
        before = len(phones.texts())
        given = {"actor": asked.applicant, "application_id": asked.pk}
        assert actions.ask_signatures(**given) == 0 and len(phones.texts()) == before
        clock(MORNING + timedelta(minutes=2))
        assert actions.ask_signatures(**given) == before and len(phones.texts()) == 2 * before

    @pytest.mark.parametrize("change", [{"phone": "13800009999"}, {"id_number": OTHER}])
    def test_it_opens_nothing_once_the_link_is_somebody_elses(self, asked, client, change):
        link = asked.signing_requests.first()
        used, page = (
            asked.signing_requests.last(),
            reverse("sign", args=[asked.signing_requests.last().uid]),
        )
        client.post(page + "code/", {"code": code_of(used)})
        assert client.get(page).context["page"].papers
        for one in (link, used):
            change_person(asked, str(one.person), **change)
        with pytest.raises(Refused):
            actions.open_link(request_uid=link.uid, code=code_of(link))
        assert not client.get(page).context["page"].is_open, "nor what an earlier code has opened"


class TestSignatures:
    def test_one_signature_covers_all_papers_of_a_person_and_stands_on_the_trail(self, asked):
        link = asked.signing_requests.first()
        sign(link)
        sign(link)
        signed = [signer for signer in signers_of(case(asked)) if signer.has_signed]
        assert [signer.person.uid for signer in signed] == [str(link.person)]
        event = asked.events.get(kind=Event.Kind.SIGNED)
        assert (
            event.data["papers"] == sorted(signed[0].papers)
            and trail.faults(case(asked).application) == []
        )

    def test_a_change_voids_only_what_it_touches(self, asked):
        sign_all(asked)
        assert not unsigned_of(case(asked))
        save(asked, "address", lease_until="2028-01-31")
        changed = {signer.person.uid: signer.changed for signer in unsigned_of(case(asked))}
        head = case(asked).filing.holder_of("legal_representative")
        assert changed == {head.uid: ("address_commitment",)}
        moments = [
            given["at"]
            for given in case(asked).application.answers["signatures"][head.uid].values()
        ]
        sign_all(asked)
        assert not unsigned_of(case(asked)) and len(moments) > 1

    def test_another_person_of_the_same_name_has_signed_nothing(self, asked):
        """Numbers are printed masked: only digits that no paper shows differ."""
        sign_all(asked)
        holders = case(asked).filing.shareholders
        before = {signer.person.uid: set(signer.papers) for signer in signers_of(case(asked))}
        assert mask_id(OTHER) == mask_id(holders[0].id_number) and holders[0].id_number != OTHER
        change_person(asked, holders[0].uid, id_number=OTHER)
        void = {signer.person.uid: set(signer.changed) for signer in unsigned_of(case(asked))}
        assert void[holders[0].uid] == before[holders[0].uid], "who is another now signs all of it"
        assert "articles" in void[holders[1].uid], (
            "and who signed a paper that names the other signs that again"
        )

    def test_what_no_paper_says_voids_nothing(self, asked):
        sign_all(asked)
        save(asked, "tax", invoice_kind="ordinary")
        assert not unsigned_of(case(asked))

    def test_a_page_that_shows_an_older_text_signs_nothing(self, asked):
        link = asked.signing_requests.first()
        signer = next(one for one in signers_of(case(asked)) if one.person.uid == str(link.person))
        save(asked, "name", trade_name=case(asked).filing.answer("name.trade_name") + "\u6cfd")
        with pytest.raises(Refused):
            actions.sign(request_uid=link.uid, seen=dict(signer.papers), proof={})
        assert "signatures" not in case(asked).application.answers

    def test_they_are_printed_on_what_the_approval_issues(self, asked):
        sign_all(asked)
        officers = driving.staff(asked.zone)
        filed = factories.submit(actor=asked.applicant, application_id=asked.pk)
        driving.work(REGISTRATION, officers[REGISTRATION], filed)
        lines = asked.documents.get(kind="articles").facts["signatures"]
        assert lines and all(line["signed_at"] and line["mark"] for line in lines)


def returned_and_resubmitted(application, officer) -> None:
    """Everybody signed; the lease was corrected, which voids one signature on one paper."""
    sign_all(application)
    actions.submit(actor=application.applicant, application_id=application.pk)
    stage = actions.take(actor=officer, stage_id=factories.stage(application, REGISTRATION).pk)
    cited = next(
        standard
        for standard in publishing.named(case(application).application.standards_versions).of(
            REGISTRATION
        )
        if "address.lease_until" in standard.fields
    )
    ground = {"standard": cited.id, "fields": ["address.lease_until"], "how_to_fix": "Later."}
    actions.return_stage(actor=officer, stage_id=stage.pk, round=1, grounds=[ground])
    save(application, "address", lease_until="2028-02-28")
    actions.resubmit(
        actor=application.applicant, application_id=application.pk, department=REGISTRATION
    )


class TestRequired:
    @pytest.fixture
    def strict(self, asked):
        """As it is where a zone has not switched it off."""
        return asked

    def test_a_zone_may_leave_it_out(self, asked):
        asked.zone.settings |= {"signatures_required": False}
        asked.zone.save()
        assert self.submit(asked).filing_number

    def submit(self, application):
        return actions.submit(actor=application.applicant, application_id=application.pk)

    def test_the_submit_names_everybody_who_is_missing(self, strict):
        missing = unsigned_of(case(strict))
        with pytest.raises(Incomplete) as refused:
            self.submit(strict)
        ((sentence, _keys),) = refused.value.problems
        assert len(missing) == 2 and all(row.person.name in sentence for row in missing)

    def test_and_goes_through_once_all_have_signed(self, strict):
        sign_all(strict)
        assert self.submit(strict).filing_number

    def test_a_correction_asks_for_what_it_touched(self, strict):
        officer = driving.staff(strict.zone)[REGISTRATION]
        sign_all(strict)
        stage = actions.take(
            actor=officer, stage_id=factories.stage(self.submit(strict), REGISTRATION).pk
        )
        cited = next(
            s
            for s in publishing.named(case(strict).application.standards_versions).of(REGISTRATION)
            if "address.lease_until" in s.fields
        )
        grounds = [
            {
                "standard": cited.id,
                "fields": ["address.lease_until"],
                "how_to_fix": "Later, please.",
            }
        ]
        actions.return_stage(actor=officer, stage_id=stage.pk, round=1, grounds=grounds)
        save(strict, "address", lease_until="2028-02-28")
        again = {
            "actor": strict.applicant,
            "application_id": strict.pk,
            "department": REGISTRATION,
        }
        asked = {kind for signer in unsigned_of(case(strict)) for kind in signer.void}
        assert asked == {"address_commitment"}
        before = len(phones.texts())
        actions.resubmit(**again)
        waiting = factories.stage(strict, REGISTRATION)
        assert (waiting.state, waiting.awaits) == (flow.AWAITING, "signature")
        (link,) = [
            link
            for link in strict.signing_requests.all()
            if str(link.person) == case(strict).filing.holder_of("legal_representative").uid
        ]
        text = phones.texts()[0]
        assert len(phones.texts()) == before + 1 and str(link.uid) in text
        with pytest.raises(Incomplete) as refused:
            desks.desk(REGISTRATION).close(
                actor=officer,
                stage_id=stage.pk,
                round=2,
                confirmed=driving.confirmations(strict, REGISTRATION),
            )
        assert case(strict).filing.by_uid[str(link.person)].name in str(refused.value.problems)
        assert factories.stage(strict, REGISTRATION).state == flow.AWAITING
        sign(link)
        assert factories.stage(strict, REGISTRATION).state == flow.OPEN
        ended = strict.events.get(kind=Event.Kind.AWAITED)
        assert ended.data["awaits"] == "signature" and trail.faults(case(strict).application) == []

    def test_links_are_sent_again_after_the_submit(self, strict, clock):
        officer = driving.staff(strict.zone)[REGISTRATION]
        returned_and_resubmitted(strict, officer)
        clock(MORNING + timedelta(minutes=30))
        given = {"actor": strict.applicant, "application_id": strict.pk}
        assert actions.ask_signatures(**given) == 1

    def test_who_signed_is_told_once_of_a_change_when_typing_has_stopped(self, strict, clock):
        sign_all(strict)
        before = len(phones.texts())
        save(strict, "address", lease_until="2028-01-31")
        assert actions.tell_void() == 0, "somebody may still be typing"
        clock(MORNING + timedelta(minutes=11))
        assert actions.tell_void() == 1 and actions.tell_void() == 0
        told = phones.texts()
        assert len(told) == before + 1
        clock(MORNING + timedelta(minutes=12))
        save(strict, "address", lease_until="2028-02-28")
        clock(MORNING + timedelta(minutes=40))
        assert actions.tell_void() == 0, "the link they have shows the present words"
        sign_all(strict)
        save(strict, "address", lease_until="2028-03-31")
        clock(MORNING + timedelta(minutes=60))
        assert actions.tell_void() == 1

    @pytest.mark.parametrize("taken", [False, True])
    def test_what_no_answer_has_voided_is_waited_for_too(self, strict, clock, taken):
        """New wording, a branch or an authority under another name: nothing of the case is saved, and papers differ."""
        officer = driving.staff(strict.zone)[REGISTRATION]
        sign_all(strict)
        stage = factories.stage(self.submit(strict), REGISTRATION)
        if taken:
            actions.take(actor=officer, stage_id=stage.pk)
        clock(MORNING + timedelta(minutes=15))
        assert actions.tell_void() == 0
        strict.zone.authority_name = "另一市场监督管理局"
        strict.zone.save()
        signers = len(unsigned_of(case(strict)))
        before = len(phones.texts())
        assert signers and actions.tell_void() == 0, "looked at a moment ago"
        clock(MORNING + timedelta(minutes=80))
        assert actions.tell_void() == signers and actions.tell_void() == 0
        assert len(phones.texts()) == before + signers
        stage.refresh_from_db()
        assert (stage.state, stage.awaits) == (flow.AWAITING, "signature")
        assert bool(stage.holder_id) is taken
        sign_all(strict)
        stage.refresh_from_db()
        assert stage.state == flow.OPEN and trail.faults(case(strict).application) == []

    def test_where_a_zone_asks_for_none_the_window_waits_for_none(self, strict, clock):
        strict.zone.settings |= {"signatures_required": False}
        strict.zone.save()
        sign_all(strict)
        self.submit(strict)
        strict.zone.authority_name = "另一市场监督管理局"
        strict.zone.save()
        clock(MORNING + timedelta(minutes=80))
        actions.tell_void()
        assert factories.stage(strict, REGISTRATION).state == flow.OPEN

    def test_the_pages_say_what_is_void(self, strict, client, clock):
        officer = driving.staff(strict.zone)[REGISTRATION]
        returned_and_resubmitted(strict, officer)
        name = case(strict).filing.holder_of("legal_representative").name
        client.force_login(strict.applicant)
        shown = client.get(reverse("filing:tasks", args=[strict.number])).content.decode()
        assert 'id="unsigned-h"' in shown and name in shown
        window = officers.browser(officer)
        page = window.get(officers.address(REGISTRATION, "case", strict.number))
        (finding,) = page.context["page"].unmet
        assert finding.standard.rule == "papers_are_signed"
        assert "Changed since, sign again" in page.content.decode()
        paper = officers.address(REGISTRATION, "paper", strict.number, "address_commitment")
        assert name in window.get(paper).content.decode()
        unknown = officers.address(REGISTRATION, "paper", strict.number, "power_of_attorney")
        assert window.get(unknown).status_code == 404


class TestPages:
    def test_from_the_link_to_the_proof(self, asked, client):
        link = asked.signing_requests.first()
        page = reverse("sign", args=[link.uid])
        assert asked.name not in client.get(page).content.decode(), (
            "nothing is shown before the code"
        )
        assert client.post(page + "confirm/").url == page
        assert client.post(page + "code/", {"code": "000"}).status_code == 422
        assert client.post(page + "code/", {"code": code_of(link)}).url == page
        shown = client.get(page)
        seen = [f"{paper['kind']}:{paper['digest']}" for paper in shown.context["page"].papers]
        assert asked.name in shown.content.decode() and seen
        assert client.post(page + "confirm/", {"seen": seen}).status_code == 422
        client.cookies["language"] = "en"
        left = client.post(page + "confirm/", {"seen": seen[:-1], "agreed": "1"})
        last = left.context["page"].papers[-1]
        assert (
            left.status_code == 422
            and f"Not ticked yet: “{last['title']}”." in left.content.decode()
        )
        assert left.content.decode().count(" checked>") == len(seen) - 1, (
            "what was read stays ticked"
        )
        old = client.post(page + "confirm/", {"seen": [*seen[:-1], f"{last['kind']}:old"]})
        assert old.status_code == 422 and old.content.decode().count(" checked>") == len(seen) - 1
        assert client.post(page + "confirm/", {"seen": seen, "agreed": "1"}).url == page
        proof = client.get(page)
        signed = proof.context["page"].signed
        assert len(signed) == len(seen) and not proof.context["page"].papers
        assert signed[0]["digest"] in proof.content.decode()
        (given, *_others) = case(asked).application.answers["signatures"][str(link.person)].values()
        assert given["proof"]["by"] == "code" and given["proof"]["name_at"]

    def test_a_new_code(self, asked, client):
        link = asked.signing_requests.first()
        page = reverse("sign", args=[link.uid])
        assert client.post(page + "again/").status_code == 422

    def test_who_has_nothing_to_sign_any_more_is_told(self, asked, client):
        client.cookies["language"] = "en"
        holder = case(asked).filing.shareholders[1]
        page = reverse("sign", args=[asked.signing_requests.get(person=holder.uid).uid])
        actions.remove_person(actor=asked.applicant, application_id=asked.pk, uid=holder.uid)
        for answer in (
            client.get(page),
            client.post(page + "again/"),
            client.post(page + "code/", {"code": "1"}),
        ):
            assert "nothing to sign in this case any more" in answer.content.decode()
            assert asked.name not in answer.content.decode()

    def test_only_who_may_ask_for_signatures_is_offered_it(self, asked, client):
        papers, button = (
            reverse("filing:papers", args=[asked.ref]),
            reverse("filing:ask-signatures", args=[asked.ref]),
        )
        helper = factories.UserFactory(phone="13900000001")
        given = {"actor": asked.applicant, "application_id": asked.pk, "phone": helper.phone}
        actions.accept_share(actor=helper, uid=str(actions.offer_share(**given, kind="work").uid))
        for user, may in ((asked.applicant, True), (helper, False)):
            client.force_login(user)
            assert (button in client.get(papers).content.decode()) is may

    def test_an_unknown_link(self, client):
        for part in ("", "code/", "again/", "confirm/"):
            page = f"/sign/00000000-0000-0000-0000-000000000000/{part}"
            assert (client.post(page) if part else client.get(page)).status_code == 404

    def test_the_applicant_sees_who_has_signed_and_what_changed(self, draft, client):
        client.force_login(draft.applicant)
        papers = reverse("filing:papers", args=[draft.ref])
        assert client.post(papers + "sign/").url == papers
        sign_all(draft)
        for page in (papers, reverse("filing:check", args=[draft.ref])):
            assert {row.state for row in client.get(page).context["signers"]} == {"signed"}
        save(draft, "address", lease_until="2028-01-31")
        assert "changed" in {row.state for row in client.get(papers).context["signers"]}
        head = case(draft).filing.holder_of("legal_representative")
        assert client.get(reverse("filing:tasks", args=[draft.ref])).context["voided"] == head.name

    def test_the_text_leads_to_the_signers_page(self, asked, client, settings):
        link = asked.signing_requests.first()
        text = next(text for text in phones.texts() if str(link.uid) in text)
        assert f"{settings.SITE_ADDRESS}{reverse('sign', args=[link.uid])}" in text
        client.cookies["language"] = "en"
        assert text in unescape(client.get(reverse("sandbox")).content.decode())
