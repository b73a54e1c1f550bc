"""As a stranger would: into somebody's account, or in somebody's name. Then as the victim, who finds out."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from kernel.accounts import real_names
from kernel.accounts.models import User
from kernel.cases import actions
from kernel.cases.models import Application, Share
from kernel.form import flow
from portal.demo.people import known
from tests import driving, factories, joining, phones
from tests.codes import REGISTRATION
from tests.factories import MORNING
from tests.filings import resident_id
from tests.joining import browser, log_in, logged_in

VICTIM, VICTIMS_PHONE, VICTIMS_NUMBER = "赵六", "13900000001", resident_id("19900101", 101)
MALLORY, OWN_PHONE, OWN_NUMBER = "钱七", "13900000002", resident_id("19910202", 103)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(travel):
    travel(MORNING)
    return lambda minutes: travel(MORNING + timedelta(minutes=minutes))


@pytest.fixture
def victim():
    """Registered, with a draft."""
    web = browser()
    joining.register(web, VICTIMS_PHONE, VICTIM, VICTIMS_NUMBER)
    account = User.objects.get()
    factories.draft(applicant=account)
    return account


@pytest.fixture
def stranger():
    return browser()


def said(answer) -> str:
    return unescape(answer.content.decode())


def sees_nothing(web) -> bool:
    """No case, no draft of anybody: neither on the list nor by its address."""
    numbers = [one.number for one in Application.objects.all()]
    listed = said(web.get(reverse("my"), follow=True))
    opened = {web.get(reverse("filing:tasks", args=[one])).status_code for one in numbers}
    return not any(number in listed for number in numbers) and opened <= {302, 404}


class TestAnothersPhone:
    def test_without_the_phone_in_hand_there_is_no_code(self, victim, stranger):
        stranger.post(reverse("register"), {"phone": VICTIMS_PHONE})
        for code in ("000000", "123456", "", "' OR 1=1"):
            stranger.post(reverse("register-code"), {"code": code})
        assert stranger.get(reverse("register-name")).url == reverse("register")
        assert logged_in(stranger) is None
        victim.refresh_from_db()
        assert victim.phone == VICTIMS_PHONE and log_in(browser(), VICTIMS_PHONE).status_code == 200

    def test_an_offer_to_a_phone_is_seen_by_who_proved_it_alone(self, stranger):
        owner = factories.UserFactory(phone="13900000009")
        draft = factories.draft(applicant=owner)
        share = actions.offer_share(
            actor=owner, application_id=draft.pk, phone=VICTIMS_PHONE, kind=Share.Kind.HAND_OVER
        )
        joining.register(stranger, OWN_PHONE, MALLORY, OWN_NUMBER)
        page = said(stranger.get(reverse("my")))
        assert draft.ref not in page
        for how in ("accept", "refuse", "end"):
            assert stranger.post(f"/my/shares/{share.uid}/{how}/").status_code == 404
        draft.refresh_from_db()
        assert draft.applicant_id == owner.pk
        rightful = browser()
        joining.register(rightful, VICTIMS_PHONE, VICTIM, VICTIMS_NUMBER)
        assert str(share.uid) in said(rightful.get(reverse("my"))), "who can register, and finds it"


class TestAnothersNumber:
    def test_with_a_wrong_name_nothing_opens(self, stranger):
        real_names.judge(VICTIM, VICTIMS_NUMBER)
        answer = joining.register(stranger, OWN_PHONE, MALLORY, VICTIMS_NUMBER)
        assert answer.status_code == 422 and not User.objects.exists()

    def test_with_a_picture_of_the_card_but_not_the_phone(self, stranger):
        """The demonstration's people have phones that the gateway knows."""
        name, number, _phone = known()[0]
        answer = joining.register(stranger, OWN_PHONE, name, number)
        assert answer.status_code == 422 and not User.objects.exists()

    def test_nobody_becomes_a_second_account_of_the_same_person(self, victim, stranger):
        answer = joining.register(stranger, OWN_PHONE, VICTIM, VICTIMS_NUMBER)
        assert answer.status_code == 422 and logged_in(stranger) is None
        assert User.objects.count() == 1

    def test_an_unproved_account_with_a_founders_number_takes_no_case_over(self, stranger, clock):
        case = factories.filed()
        founder = case.people.filter(is_shareholder=True).first().data
        typed = factories.UserFactory(
            id_number=founder["id_number"], phone=founder["phone"], name_proved_at=None
        )
        share = actions.offer_share(
            actor=case.applicant,
            application_id=case.pk,
            phone=founder["phone"],
            kind=Share.Kind.HAND_OVER,
        )
        stranger.force_login(typed)
        answer = stranger.post(f"/my/shares/{share.uid}/accept/", follow=True)
        assert "prove your name and ID number" in said(answer)
        case.refresh_from_db()
        assert case.applicant_id != typed.pk and sees_nothing(stranger)

    def test_and_files_nothing(self, stranger):
        typed = factories.UserFactory(
            id_number=VICTIMS_NUMBER, real_name=VICTIM, name_proved_at=None
        )
        draft = factories.draft(applicant=typed)
        stranger.force_login(typed)
        answer = stranger.post(reverse("filing:submit", args=[draft.ref]), follow=True)
        draft.refresh_from_db()
        assert draft.state == flow.DRAFT and "prove your name and ID number" in said(answer)


class TestRecycledPhone:
    def test_who_gets_the_number_next_has_nothing_of_the_account(self, victim, stranger, clock):
        clock(2)
        joining.register(stranger, VICTIMS_PHONE, MALLORY, OWN_NUMBER)
        assert logged_in(stranger) not in (None, victim.pk) and sees_nothing(stranger)
        back = browser()
        answer = log_in(back, VICTIMS_NUMBER)
        assert answer.request["PATH_INFO"] == reverse("own-phone"), "asked for a new phone"
        joining.prove(back, "own-phone", "13900000008")
        assert Application.objects.for_user(victim).get().ref in said(back.get(reverse("my")))
        assert "is this one's no more" in said(back.get(reverse("profile")))

    def test_the_phone_alone_opens_nothing_again(self, victim, stranger, clock):
        clock(2)
        joining.prove(stranger, "recover", VICTIMS_PHONE)
        assert logged_in(stranger) is None
        answer = joining.name(stranger, "recover-name", MALLORY, OWN_NUMBER)
        assert answer.status_code == 422
        answer = joining.name(stranger, "recover-name", MALLORY, VICTIMS_NUMBER)
        assert answer.status_code == 422
        victim.refresh_from_db()
        assert victim.check_password(joining.PASSWORD) and sees_nothing(stranger)

    def test_name_and_number_without_the_phone_neither(self, victim, stranger):
        answer = joining.recover(stranger, OWN_PHONE, VICTIM, VICTIMS_NUMBER)
        assert answer.status_code == 422 and logged_in(stranger) is None


class TestTheVictimFindsOut:
    def test_somebody_who_registered_in_my_name_is_out_when_i_come_to_the_window(
        self, stranger, clock, settings
    ):
        """A gateway that doesn't know phones lets in who has the card: the window puts it right."""
        settings.REAL_NAME_WITH_PHONE = False
        joining.register(stranger, OWN_PHONE, VICTIM, VICTIMS_NUMBER)
        assert logged_in(stranger)
        account = User.objects.get()
        answer = joining.register(browser(), VICTIMS_PHONE, VICTIM, VICTIMS_NUMBER)
        assert "come to the window with your identity card" in said(answer)
        desk = browser()
        desk.force_login(driving.staff(factories.ZoneFactory())[REGISTRATION])
        card = {"real_name": VICTIM, "id_number": VICTIMS_NUMBER, "seen": "on"}
        clock(2)
        given = {**card, "act": "give_back", "phone": VICTIMS_PHONE}
        desk.post(reverse("account-window"), given)
        desk.post(reverse("account-window-code"), {"code": phones.code(VICTIMS_PHONE)})
        assert stranger.get(reverse("my")).status_code == 302, "thrown out"
        assert logged_in(stranger_again(OWN_PHONE)) is None
        clock(4)
        joining.recover(browser(), VICTIMS_PHONE, VICTIM, VICTIMS_NUMBER)
        mine = browser()
        log_in(mine, VICTIMS_PHONE)
        assert logged_in(mine) == account.pk
        assert "Given to its holder at the window" in said(mine.get(reverse("profile")))

    def test_a_changed_password_is_told_to_the_phone(self, victim, clock):
        thief = browser()
        log_in(thief, VICTIMS_PHONE)
        new = {"password": "mine-from-now-on", "password_again": "mine-from-now-on"}
        thief.post(reverse("own-password"), {"present": joining.PASSWORD, **new})
        before = len(phones.texts(VICTIMS_PHONE))
        assert before == 2
        clock(2)
        joining.recover(browser(), VICTIMS_PHONE, VICTIM, VICTIMS_NUMBER)
        assert thief.get(reverse("my")).status_code == 302


def stranger_again(phone: str):
    web = browser()
    log_in(web, phone)
    return web
