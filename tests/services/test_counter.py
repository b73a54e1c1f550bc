"""Filing at the counter, through the doors: the helper's pages, the tablet's, and home again."""

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from kernel.accounts.models import AccountEvent, Presence, Role, User
from kernel.cases import actions
from kernel.cases.founders_papers import standing
from kernel.cases.models import Application, CounterFiling, Event
from kernel.cases.signers import signer_of
from kernel.core.errors import NotAllowed, Refused
from kernel.core.moment import now
from kernel.form import flow
from kernel.standards import publishing
from services.hall import actions as hall
from tests import applicant, driving, factories, officers, phones
from tests.codes import REGISTRATION
from tests.factories import MORNING
from tests.filings import resident_id
from tests.services.filled_in import fill
from tests.services.hall import places

pytestmark = pytest.mark.django_db
NAME, NUMBER, PHONE = "甄宁", resident_id("19550704", 203), "13900007788"
CODE_LENGTH = 6


@pytest.fixture(autouse=True)
def clock(travel):
    travel(MORNING)
    publishing.load_published()
    return travel


@pytest.fixture
def zone():
    return factories.ZoneFactory()


@pytest.fixture
def helper(zone):
    return factories.UserFactory(role=Role.HELPER, zone=zone)


@pytest.fixture
def desk(helper):
    return officers.browser(helper)


@pytest.fixture
def tablet():
    client = Client(headers={"accept-language": "en"})
    client.cookies["language"] = "en"
    return client


def text(answer) -> str:
    return unescape(answer.content.decode())


def look(desk, number=NUMBER, name=NAME, **changes):
    """Press on with the card looked at."""
    given = {"real_name": name, "id_number": number, "how": "card", "seen": "on"}
    given |= {"picture": applicant.photo("card")} | changes
    return desk.post(
        reverse("counter:desk"), {key: value for key, value in given.items() if value is not None}
    )


def by_code(desk, phone=PHONE, number=NUMBER, name=NAME):
    given = {"real_name": name, "id_number": number, "how": "code", "phone": phone}
    return desk.post(reverse("counter:desk"), given)


def begun(desk, company_type="9500", **who) -> CounterFiling:
    """A new filing for the visitor whose card was looked at."""
    found = look(desk, **who)
    assert found.status_code == 302, text(found)
    answer = desk.post(found.url, {"company_type": company_type})
    assert answer.status_code == 302, text(answer)
    return CounterFiling.objects.get(uid=answer.url.strip("/").split("/")[-1])


def gone_on(desk, ref: str, **who):
    found = look(desk, **who)
    uid = found.url.strip("/").split("/")[-1]
    return desk.post(reverse("counter:go-on", args=[uid, ref]))


def screen_code(desk, filing: CounterFiling) -> str:
    desk.post(reverse("counter:screen-code", args=[filing.uid]))
    return desk.get(reverse("counter:filing", args=[filing.uid])).context["screen_code"]


def joined(desk, tablet, filing: CounterFiling):
    code = screen_code(desk, filing)
    answer = tablet.post(reverse("counter:screen"), {"code": code})
    assert answer.status_code == 302, text(answer)


def sign_on(tablet) -> str:
    """Read and sign everything on the tablet; gives the address of the page."""
    page = tablet.post(reverse("counter:sign"))
    assert page.status_code == 302, text(page)
    shown = tablet.get(page.url)
    seen = [f"{paper['kind']}:{paper['digest']}" for paper in shown.context["page"].papers]
    assert seen
    answer = tablet.post(f"{page.url}confirm/", {"seen": seen, "agreed": "1"})
    assert answer.status_code == 302, text(answer)
    return page.url


def give_back(officer, stage) -> None:
    actions.return_stage(
        actor=officer,
        stage_id=stage.pk,
        round=stage.round,
        grounds=driving.grounds("R-03", driving.PINNED[REGISTRATION]),
    )


def events(application, *kinds) -> list[Event]:
    rows = application.events.filter(kind__in=kinds) if kinds else application.events.all()
    return list(rows.order_by("seq"))


class TestWholeVisit:
    def test_without_a_phone_from_finding_to_the_receipt(self, desk, helper, tablet, zone):
        filing = begun(desk)
        visitor = filing.visitor
        assert visitor.name_proved_at and not visitor.phone_proved_at
        assert not visitor.has_usable_password()
        joined(desk, tablet, filing)
        draft = fill(helper, filing.application, NUMBER)
        page = tablet.get(reverse("counter:screen"))
        assert draft.name in text(page) and reverse("counter:submit") not in text(page)
        sign_on(tablet)
        answer = tablet.post(reverse("counter:submit"))
        assert answer.status_code == 302, text(answer)
        draft.refresh_from_db()
        assert draft.state == flow.LICENSING
        assert draft.channel == Application.Channel.COUNTER
        assert draft.check_code in text(tablet.get(reverse("counter:screen")))
        slip = desk.get(reverse("counter:paper", args=[filing.uid]))
        assert draft.filing_number in text(slip) and draft.check_code in text(slip)

    def test_the_trail_says_who_helped_whom_and_how_they_were_known(self, desk, helper, tablet):
        filing = begun(desk)
        joined(desk, tablet, filing)
        draft = fill(helper, filing.application, NUMBER)
        sign_on(tablet)
        tablet.post(reverse("counter:submit"))
        desk.post(reverse("counter:end", args=[filing.uid]))
        helped, signed, submitted, ended = events(
            draft,
            Event.Kind.HELPED,
            Event.Kind.SIGNED,
            Event.Kind.SUBMITTED,
            Event.Kind.HELP_ENDED,
        )
        assert helped.actor == helper and helped.role == Role.HELPER
        assert helped.data["visitor"] == filing.visitor_id and helped.data["how"] == "card"
        assert signed.data["by"] == "counter" and signed.data["how"] == "card"
        assert signed.data["helper"] == helper.pk
        assert submitted.actor == filing.visitor and submitted.data["helper"] == helper.pk
        assert ended.actor == helper and {"name", "people"} <= set(ended.data["changed"])
        draft.refresh_from_db()
        proofs = [
            given["proof"]
            for signature in draft.answers["signatures"].values()
            for given in signature.values()
        ]
        assert {proof["presence"] for proof in proofs} == {str(filing.presence.uid)}

    def test_the_picture_is_kept_encrypted_and_its_opening_is_told(self, desk, zone):
        filing = begun(desk)
        presence = filing.presence
        assert presence.how == Presence.How.CARD and presence.by == filing.helper
        with presence.picture.storage.open(presence.picture.name) as plain:
            assert plain.read(3) == b"\xff\xd8\xff"
        overseer = officers.browser(factories.supervisor(zone))
        assert "甄*" in text(overseer.get(reverse("counter:looks")))
        answer = overseer.get(reverse("counter:look", args=[presence.uid]))
        assert applicant.body(answer)[:3] == b"\xff\xd8\xff"
        kinds = [event.kind for event in filing.visitor.account_events.all()]
        assert kinds[0] == AccountEvent.Kind.PICTURE_OPENED and "card_seen" in kinds
        assert desk.get(reverse("counter:looks")).status_code == 403
        other = officers.browser(factories.supervisor(factories.ZoneFactory(code="other")))
        assert other.get(reverse("counter:look", args=[presence.uid])).status_code == 404


class TestTicket:
    def test_the_ticket_that_was_called_becomes_the_filing(self, desk, helper, zone):
        hall.open_window(actor=helper, window=places.window(zone, 1), letters=["A"])
        places.take(zone)
        ticket = hall.call_next(actor=helper)
        address = f"{reverse('counter:desk')}?ticket={ticket.code}"
        assert f"For ticket {ticket.label}" in text(desk.get(address))
        filing = begun(desk)
        ticket.refresh_from_db()
        assert filing.ticket == ticket.code
        assert (ticket.became_kind, ticket.became_uid) == ("case", filing.application.uid)

    def test_a_ticket_of_nobody_or_of_another_zone_is_none(self, desk):
        other = factories.ZoneFactory(code="other")
        places.window(other, 1)
        ticket = places.take(other)
        for code in (ticket.code, "nothing"):
            page = desk.get(f"{reverse('counter:desk')}?ticket={code}")
            assert page.status_code == 200 and page.context["ticket"] == ""
        assert begun(desk).ticket == ""

    def test_one_in_other_hands_is_said_and_the_filing_goes_on(self, desk, zone):
        colleague = places.officer_at(zone, 1)
        places.take(zone)
        ticket = hall.call_next(actor=colleague)
        desk.get(f"{reverse('counter:desk')}?ticket={ticket.code}")
        filing = begun(desk)
        page = desk.get(reverse("counter:filing", args=[filing.uid]))
        assert "is in the hands of" in text(page) and page.context["is_in_force"]
        ticket.refresh_from_db()
        assert ticket.became_kind == ""


class TestVisitor:
    def test_who_has_a_phone_says_its_code_and_logs_in_with_it_later(self, desk):
        answer = by_code(desk)
        assert answer.url == reverse("counter:code")
        wrong = desk.post(answer.url, {"code": "000000"})
        assert wrong.status_code == 422 and not Presence.objects.exists()
        found = desk.post(answer.url, {"code": phones.code(PHONE)})
        presence = Presence.objects.get()
        assert found.url == reverse("counter:visitor", args=[presence.uid])
        assert presence.how == Presence.How.CODE
        assert presence.account.phone == PHONE and presence.account.phone_proved_at

    def test_the_second_time_the_account_is_found(self, desk):
        first = begun(desk)
        desk.post(reverse("counter:end", args=[first.uid]))
        found = look(desk)
        assert User.objects.holding(Role.APPLICANT).count() == 1
        assert first.application.ref in text(desk.get(found.url))

    def test_an_account_with_another_phone_is_not_taken_by_a_new_one(self, desk):
        own = factories.UserFactory(real_name=NAME, id_number=NUMBER, phone="13900001122")
        answer = by_code(desk)
        assert answer.status_code == 422 and "isn't the phone" in text(answer)
        assert phones.texts(PHONE) == [] and not Presence.objects.exists()
        assert look(desk).status_code == 302
        own.refresh_from_db()
        assert Presence.objects.get().account == own and own.phone == "13900001122"

    def test_an_account_without_phone_is_not_taken_by_a_code(self, desk):
        begun(desk)
        answer = by_code(desk)
        assert answer.status_code == 422 and "without a phone" in text(answer)
        assert phones.texts(PHONE) == []

    @pytest.mark.parametrize("missing", ["picture", "seen"])
    def test_the_look_can_not_be_skipped(self, desk, missing):
        answer = look(desk, **{missing: None})
        assert answer.status_code == 422 and not Presence.objects.exists()
        assert NUMBER in text(answer)  # nothing typed is lost

    def test_a_pair_that_does_not_match_opens_nothing(self, desk):
        assert look(desk).status_code == 302
        answer = look(desk, name="郝冒名")
        assert answer.status_code == 422 and "belong together" in text(answer)
        assert Presence.objects.count() == 1

    def test_who_comes_again_next_day_shows_anew_who_they_are(self, desk, clock):
        found = look(desk)
        clock(MORNING + timedelta(hours=5))
        assert desk.get(found.url).url == reverse("counter:desk")
        assert desk.post(found.url, {"company_type": "9500"}).url == reverse("counter:desk")
        assert not CounterFiling.objects.exists()


class TestRights:
    def test_the_helper_fills_in_and_nothing_else(self, desk, helper):
        filing = begun(desk)
        ref = filing.application.ref
        for name in ("filing:tasks", "filing:check", "filing:papers"):
            assert desk.get(reverse(name, args=[ref])).status_code == 200
        assert desk.get(applicant.page(ref, "name")).status_code == 200
        for name in ("filing:withdraw", "filing:sharing", "filing:thread"):
            assert desk.get(reverse(name, args=[ref])).status_code == 404
        assert desk.post(reverse("filing:submit", args=[ref])).status_code == 404
        assert desk.post(reverse("filing:sign-own", args=[ref])).status_code == 404
        with pytest.raises(NotAllowed):
            actions.submit(actor=helper, application_id=filing.application_id)
        with pytest.raises(NotAllowed):
            actions.withdraw(actor=helper, application_id=filing.application_id)

    def test_what_is_typed_goes_through_the_pages_of_the_form(self, desk):
        filing = begun(desk)
        ref = filing.application.ref
        page = applicant.page(ref, "name")
        answer = desk.post(page, {"company_type": "9500", "trade_name": "栖霞山"})
        assert answer.status_code in (302, 422)
        assert applicant.stored(ref).answers["name"]["trade_name"] == "栖霞山"
        assert "At the counter" in text(desk.get(page))

    def test_it_ends_by_itself_and_by_a_press(self, desk, tablet, clock):
        filing = begun(desk)
        joined(desk, tablet, filing)
        page = applicant.page(filing.application.ref, "name")
        clock(MORNING + timedelta(minutes=10))
        assert desk.get(page).status_code == 200  # used, so it goes on
        clock(MORNING + timedelta(minutes=24))
        assert desk.get(page).status_code == 200
        clock(MORNING + timedelta(minutes=40))
        assert desk.get(page).status_code == 404
        assert tablet.get(reverse("counter:screen")).context["had_ended"]
        assert actions.end_idle_counter_filings() == 1
        (ended,) = events(filing.application, Event.Kind.HELP_ENDED)
        assert ended.actor is None and ended.data["why"] == "idle"
        again = gone_on(desk, filing.application.ref)
        desk.post(f"{again.url}end/")
        assert desk.get(page).status_code == 404
        assert tablet.get(reverse("counter:live")).status_code == 302

    def test_another_zone_and_another_helper_see_nothing(self, desk, zone):
        filing = begun(desk)
        ref = filing.application.ref
        elsewhere = factories.ZoneFactory(code="other")
        for colleague in (
            factories.UserFactory(role=Role.HELPER, zone=zone),
            factories.UserFactory(role=Role.HELPER, zone=elsewhere),
            factories.officer(REGISTRATION, zone),
        ):
            other = officers.browser(colleague)
            assert other.get(applicant.page(ref, "name")).status_code == 404
            assert other.get(reverse("counter:filing", args=[filing.uid])).status_code == 404
        there = officers.browser(factories.UserFactory(role=Role.HELPER, zone=elsewhere))
        found = look(there)
        assert ref not in text(there.get(found.url))
        assert gone_on(there, ref).status_code == 404

    def test_two_helpers_do_not_work_at_one_draft(self, desk, zone):
        filing = begun(desk)
        colleague = officers.browser(factories.UserFactory(role=Role.HELPER, zone=zone))
        answer = gone_on(colleague, filing.application.ref)
        page = colleague.get(answer.url)
        assert "is working on this filing" in text(page)
        assert CounterFiling.objects.count() == 1

    def test_a_helper_has_one_filing_at_a_time(self, desk):
        first = begun(desk)
        second = begun(desk, number=resident_id("19600101", 102), name="柏舟")
        first.refresh_from_db()
        assert first.ended_why == CounterFiling.Why.NEXT and second.ended_at is None
        assert desk.get(applicant.page(first.application.ref, "name")).status_code == 404

    def test_the_counter_is_for_helpers_and_chief_representatives(self, zone):
        for kind in ("tax", "banking"):
            other = officers.browser(factories.officer(kind, zone))
            assert other.get(reverse("counter:desk")).status_code == 403
        owner = Client()
        owner.force_login(factories.UserFactory())
        assert owner.get(reverse("counter:desk")).status_code == 403
        chief = officers.browser(factories.officer(REGISTRATION, zone))
        assert chief.get(reverse("counter:desk")).status_code == 200
        helper = officers.browser(factories.UserFactory(role=Role.HELPER, zone=zone))
        assert helper.get(reverse("work")).url == reverse("counter:desk")


class TestSecondScreen:
    def test_a_stranger_with_a_guessed_code_sees_nothing(self, desk, tablet):
        filing = begun(desk)
        screen_code(desk, filing)
        for _try in range(10):
            answer = tablet.post(reverse("counter:screen"), {"code": "AAAAAA"})
            assert answer.status_code == 422 and "No filing has this code" in text(answer)
        right = screen_code(desk, filing)
        answer = tablet.post(reverse("counter:screen"), {"code": right})
        assert answer.status_code == 422 and "Too many codes" in text(answer)
        assert tablet.get(reverse("counter:live")).status_code == 302

    def test_a_code_is_good_once_and_ten_minutes(self, desk, tablet, clock):
        filing = begun(desk)
        code = screen_code(desk, filing)
        clock(MORNING + timedelta(minutes=11))
        assert tablet.post(reverse("counter:screen"), {"code": code}).status_code == 422
        code = screen_code(desk, filing)
        assert len(code) == CODE_LENGTH
        assert tablet.post(reverse("counter:screen"), {"code": code.lower()}).status_code == 302
        assert Client().post(reverse("counter:screen"), {"code": code}).status_code == 422

    def test_a_new_code_puts_the_first_tablet_out(self, desk, tablet):
        filing = begun(desk)
        joined(desk, tablet, filing)
        joined(desk, Client(), filing)
        assert tablet.get(reverse("counter:live")).status_code == 302

    def test_it_shows_what_is_typed_and_only_changes(self, desk, helper, tablet):
        filing = begun(desk)
        joined(desk, tablet, filing)
        mark = tablet.get(reverse("counter:screen")).context["mark"]
        live = reverse("counter:live")
        assert tablet.get(live, {"seen": mark}).status_code == 204
        actions.save_section(
            actor=helper,
            application_id=filing.application_id,
            section="name",
            values={"company_type": "9500", "trade_name": "栖霞山"},
        )
        assert "栖霞山" in text(tablet.get(live, {"seen": mark}))

    def test_the_helper_can_not_sign_or_file_for_the_visitor(self, desk, helper, tablet):
        filing = begun(desk)
        joined(desk, tablet, filing)
        draft = fill(helper, filing.application, NUMBER)
        link = actions.link_on_screen(token=tablet.session["counter_screen"])
        signer = signer_of(standing(draft), str(link.person))
        seen = [f"{kind}:{signer.papers[kind]}" for kind in signer.void]
        given = {"seen": seen, "agreed": "1"}
        # In the helper's own browser, with and without the tablet's code.
        desk.post(reverse("sign-confirm", args=[link.uid]), given)
        for name in ("counter:sign", "counter:submit", "counter:ask"):
            assert desk.post(reverse(name)).url == reverse("counter:screen")
        assert desk.get(reverse("counter:screen")).status_code == 403
        code = screen_code(desk, filing)
        assert desk.post(reverse("counter:screen"), {"code": code}).status_code == 403
        # Nor in a browser where nobody is logged in, and which never typed the code.
        Client().post(reverse("sign-confirm", args=[link.uid]), given)
        draft.refresh_from_db()
        assert "signatures" not in draft.answers and draft.state == flow.DRAFT

    def test_it_signs_for_nobody_but_the_visitor(self, desk, helper, tablet):
        filing = begun(desk, company_type="1130")
        joined(desk, tablet, filing)
        draft = fill(helper, filing.application, NUMBER)
        case = standing(draft)
        other = next(person for person in case.filing.shareholders if person.number != NUMBER)
        link = draft.signing_requests.create(person=other.uid, asked_at=now())
        page = tablet.get(reverse("sign", args=[link.uid]))
        assert "page" in page.context and not page.context["page"].is_open
        with pytest.raises(NotAllowed):
            actions.sign_on_screen(
                token=tablet.session["counter_screen"], request_uid=link.uid, seen={}
            )

    def test_what_changed_after_it_was_shown_is_not_signed(self, desk, helper, tablet):
        filing = begun(desk)
        joined(desk, tablet, filing)
        draft = fill(helper, filing.application, NUMBER)
        page = tablet.post(reverse("counter:sign"))
        shown = tablet.get(page.url).context["page"].papers
        seen = [f"{paper['kind']}:{paper['digest']}" for paper in shown]
        actions.save_section(
            actor=helper,
            application_id=draft.pk,
            section="name",
            values={**draft.answers["name"], "trade_name": "改过字号"},
        )
        answer = tablet.post(f"{page.url}confirm/", {"seen": seen, "agreed": "1"})
        assert answer.status_code == 422 and "changed" in text(answer)
        draft.refresh_from_db()
        assert "signatures" not in draft.answers

    def test_the_visitor_ends_it(self, desk, tablet):
        filing = begun(desk)
        joined(desk, tablet, filing)
        tablet.post(reverse("counter:leave"))
        assert desk.get(applicant.page(filing.application.ref, "name")).status_code == 404
        filing.refresh_from_db()
        assert filing.ended_why == CounterFiling.Why.LEFT


class TestHomeAndCounter:
    def test_begun_at_home_it_goes_on_at_the_counter(self, desk, helper, tablet, zone):
        owner = factories.UserFactory(real_name=NAME, id_number=NUMBER)
        draft = factories.draft("9500", applicant=owner, zone=zone)
        answer = gone_on(desk, draft.ref)
        filing = CounterFiling.objects.get()
        assert answer.url == reverse("counter:filing", args=[filing.uid])
        joined(desk, tablet, filing)
        factories.branch(zone)
        sign_on(tablet)
        answer = tablet.post(reverse("counter:submit"))
        assert answer.status_code == 302, text(answer)
        draft.refresh_from_db()
        assert draft.channel == Application.Channel.COUNTER  # where it was filed

    def test_begun_at_the_counter_it_goes_on_at_home(self, desk, helper, client):
        filing = begun(desk)
        draft = fill(helper, filing.application, NUMBER)
        desk.post(reverse("counter:end", args=[filing.uid]))
        client.force_login(filing.visitor)
        assert draft.name in text(client.get(reverse("my")))
        factories.signed(draft)
        actions.submit(actor=filing.visitor, application_id=draft.pk)
        draft.refresh_from_db()
        assert draft.channel == Application.Channel.ONLINE

    def claim(self, desk, filing) -> str:
        paper = reverse("counter:paper", args=[filing.uid])
        desk.post(paper)
        return desk.get(paper).context["claim_code"]

    def test_with_the_printed_code_the_account_is_taken_over(self, desk, client):
        filing = begun(desk)
        code = self.claim(desk, filing)
        given = {"real_name": NAME, "id_number": NUMBER, "claim": code, "phone": PHONE}
        wrong = client.post(reverse("counter:claim"), {**given, "claim": "AAAAAAAAAA"})
        assert wrong.status_code == 422
        other = resident_id("19600101", 102)
        stolen = client.post(reverse("counter:claim"), {**given, "id_number": other})
        assert stolen.status_code == 422 and phones.texts(PHONE) == []
        assert client.post(reverse("counter:claim"), given).url == reverse("counter:claim-code")
        answer = client.post(reverse("counter:claim-code"), {"code": phones.code(PHONE)})
        assert answer.url == reverse("recover")
        filing.visitor.refresh_from_db()
        assert filing.visitor.phone == PHONE
        again = Client().post(reverse("counter:claim"), given)
        assert again.status_code == 422  # good once

    def test_corrections_are_made_and_handed_in_at_the_counter(self, desk, helper, tablet, zone):
        filing = begun(desk)
        joined(desk, tablet, filing)
        draft = fill(helper, filing.application, NUMBER)
        sign_on(tablet)
        tablet.post(reverse("counter:submit"))
        desk.post(reverse("counter:end", args=[filing.uid]))
        chief = factories.officer(REGISTRATION, zone)
        give_back(chief, driving.take(REGISTRATION, chief, draft))
        answer = gone_on(desk, draft.ref)
        assert answer.status_code == 302
        row = CounterFiling.objects.get(ended_at=None)
        joined(desk, tablet, row)
        answer = tablet.post(reverse("counter:resubmit", args=[REGISTRATION]), {"knowingly": "1"})
        assert answer.status_code == 302, text(answer)
        resubmitted = events(draft, Event.Kind.RESUBMITTED)
        assert [event.actor for event in resubmitted] == [filing.visitor]


class TestNobodyDecidesOnWhatTheyFilledIn:
    @pytest.fixture
    def chief(self, zone):
        return factories.officer(REGISTRATION, zone)

    @pytest.fixture
    def filed(self, chief, tablet):
        """A case that the chief representative filled in at the counter."""
        desk = officers.browser(chief)
        filing = begun(desk)
        joined(desk, tablet, filing)
        fill(chief, filing.application, NUMBER)
        sign_on(tablet)
        assert tablet.post(reverse("counter:submit")).status_code == 302
        return Application.objects.get(pk=filing.application_id)

    def test_it_is_not_handed_to_them(self, chief, filed, zone):
        assert actions.take_next(actor=chief) is None
        colleague = factories.officer(REGISTRATION, zone)
        assert actions.take_next(actor=colleague).application_id == filed.pk

    def test_nor_given_by_the_supervisor_nor_closed(self, chief, filed, zone):
        stage = filed.stages.get(department=REGISTRATION)
        with pytest.raises(Refused, match="somebody else decides"):
            actions.reassign(
                actor=factories.supervisor(zone),
                stage_id=stage.pk,
                officer_id=chief.pk,
                reason="nobody else is here",
            )
        with pytest.raises(Refused, match="somebody else decides"):
            driving.close(REGISTRATION, chief, filed, stage)
        with pytest.raises(Refused, match="somebody else decides"):
            actions.take(actor=chief, stage_id=stage.pk)

    def test_who_holds_it_does_not_help_with_it(self, chief, filed, zone):
        colleague = factories.officer(REGISTRATION, zone)
        stage = actions.take_next(actor=colleague)
        give_back(colleague, stage)
        answer = gone_on(officers.browser(colleague), filed.ref)
        page = officers.browser(colleague).get(answer.url)
        assert page.status_code == 200
        assert CounterFiling.objects.filter(helper=colleague).count() == 0
