"""The pages of an account's life: registering, proving, getting back in, changing, ending sessions, closing."""

import json
from datetime import timedelta
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.cache import cache
from django.urls import reverse

from kernel.accounts import real_names, unsent
from kernel.accounts.models import AccountSession, LogInRecord, User
from kernel.accounts.proofs import Proof, proof_of
from kernel.cases.actions import withdraw
from kernel.cases.models import Application
from kernel.core import sandbox
from tests import driving, factories, joining, phones
from tests.codes import REGISTRATION
from tests.factories import MORNING
from tests.filings import resident_id
from tests.joining import PASSWORD, browser, log_in, logged_in

PHONE, NEW_PHONE, NAME = "13900000001", "13900000002", "赵六"
NUMBER, OTHER = resident_id("19900101", 101), resident_id("19910202", 103)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(travel):
    travel(MORNING)
    return lambda minutes: travel(MORNING + timedelta(minutes=minutes))


@pytest.fixture
def web():
    return browser()


@pytest.fixture
def account(web) -> User:
    joining.register(web, PHONE, NAME, NUMBER)
    return User.objects.get()


def said(answer) -> str:
    return unescape(answer.content.decode())


class TestRegistering:
    def test_code_name_and_password_open_an_account_that_may_do_everything(self, web, account):
        assert logged_in(web) == account.pk and proof_of(account) is Proof.NAME
        assert (account.phone, account.id_number) == (PHONE, NUMBER)
        assert web.get(reverse("work")).url == reverse("my")
        (row,) = LogInRecord.objects.all()
        assert (row.account, row.address, row.was_right) == (account, "127.0.0.1", True)

    def test_a_wrong_code_keeps_the_page_and_a_new_one_is_sent_after_a_minute(self, web, clock):
        web.post(reverse("register"), {"phone": PHONE})
        code = phones.code(PHONE)
        page = reverse("register-code")
        wrong = web.post(page, {"code": "000000" if code != "000000" else "111111"})
        assert wrong.status_code == 422 and "not the code that was sent last" in said(wrong)
        assert "A code was sent a moment ago" in said(web.post(page, {"again": "1"}, follow=True))
        clock(1)
        assert "A new code is on its way" in said(web.post(page, {"again": "1"}, follow=True))
        assert web.post(page, {"code": phones.code(PHONE)}).url == reverse("register-name")

    def test_without_a_code_no_page_further_on_opens(self, web):
        for page in ("register-code", "register-name", "recover-code", "recover-name"):
            start = page.partition("-")[0]
            assert web.get(reverse(page)).url == reverse(start)
            assert web.post(reverse(page), {"code": "1"}).url == reverse(start)

    def test_a_pair_that_does_not_match_opens_nothing_and_keeps_what_was_typed(self, web):
        real_names.judge(NAME, NUMBER)
        answer = joining.register(web, PHONE, "钱七", NUMBER)
        assert answer.status_code == 422 and "could not make sure that it is you" in said(answer)
        assert "钱七" in said(answer) and NUMBER in said(answer) and not User.objects.exists()

    def test_with_the_gateway_away_the_account_opens_and_the_name_is_proved_later(self, web):
        sandbox.make(real_names.SYSTEM, sandbox.Behaviour.AWAY)
        answer = joining.register(web, PHONE, NAME, NUMBER)
        account = User.objects.get()
        assert "can't be reached at the moment" in said(answer) and account.real_name == NAME
        assert proof_of(account) is Proof.PHONE
        typed = {"real_name": NAME, "id_number": NUMBER}
        again = web.post(reverse("own-name"), typed)
        assert again.status_code == 422 and "Nothing was decided" in said(again)
        sandbox.make(real_names.SYSTEM, sandbox.Behaviour.USUAL)
        assert "Your name is proved" in said(web.post(reverse("own-name"), typed, follow=True))
        account.refresh_from_db()
        assert proof_of(account) is Proof.NAME

    def test_names_are_tried_five_times_with_a_code(self, web):
        real_names.judge(NAME, NUMBER)
        joining.prove(web, "register", PHONE)
        for _try in range(5):
            answer = joining.name(web, "register-name", "钱七", NUMBER)
        assert "could not make sure" in said(answer)
        answer = joining.name(web, "register-name", NAME, NUMBER)
        assert "tried too often with this code" in said(answer) and not User.objects.exists()

    @pytest.mark.parametrize(
        ("field", "value"),
        [("id_number", "110105194912310021"), ("password_again", "other"), ("agreed", "")],
    )
    def test_it_says_what_is_wrong_at_the_field(self, web, field, value):
        joining.prove(web, "register", PHONE)
        given = {"real_name": NAME, "id_number": NUMBER, "agreed": "on"}
        given |= {"password": PASSWORD, "password_again": PASSWORD, field: value}
        answer = web.post(reverse("register-name"), given)
        assert answer.status_code == 422 and f'id="id_{field}_error"' in answer.content.decode()

    def test_who_has_an_account_with_this_phone_is_back_in_it(self, web, account, clock):
        other = browser()
        clock(2)
        answer = joining.register(other, PHONE, NAME, NUMBER, password="another-one-of-mine")
        assert "You had an account already" in said(answer) and logged_in(other) == account.pk
        assert User.objects.count() == 1 and web.get(reverse("my")).status_code == 302


class TestNobodyLearns:
    """Whether there is an account makes no difference to a stranger's eyes."""

    def test_asking_for_a_code(self, account, clock):
        clock(2)
        for page in ("register", "recover"):
            known, unknown = browser(), browser()
            answers = [
                web.post(reverse(page), {"phone": phone}, follow=True)
                for web, phone in ((known, PHONE), (unknown, "13900000009"))
            ]
            told = [said(one).replace("0001", "0009") for one in answers]
            assert plain(told[0]) == plain(told[1])
            assert len(phones.texts(PHONE)) > 1 and phones.texts("13900000009")

    def test_a_number_that_somebody_has_proved_and_one_that_does_not_match(self, account, clock):
        real_names.judge("钱七", OTHER)
        answers = [
            joining.register(browser(), f"1390000001{place}", *pair)
            for place, pair in enumerate([(NAME, NUMBER), ("孙八", OTHER)])
        ]
        errors = [str(one.context["form"].non_field_errors()) for one in answers]
        assert errors[0] == errors[1] and "could not make sure" in errors[0]

    def test_recovery_of_an_account_that_is_not_there(self, account, clock):
        clock(2)
        real_names.judge("钱七", OTHER)
        pairs = [(PHONE, "钱七", OTHER), (PHONE, "孙八", NUMBER), ("13900000009", NAME, NUMBER)]
        errors = {
            str(joining.recover(browser(), *pair).context["form"].non_field_errors())
            for pair in pairs
        }
        assert len(errors) == 1
        account.refresh_from_db()
        assert account.check_password(PASSWORD)


def plain(html: str) -> str:
    return "".join(line for line in html.splitlines() if "csrf" not in line.lower())


class TestGettingBackIn:
    def test_code_name_and_number_set_a_new_password_and_end_every_session(
        self, web, account, clock
    ):
        clock(2)
        answer = joining.recover(browser(), PHONE, NAME, NUMBER, password="another-one-of-mine")
        assert "Your new password counts" in said(answer)
        assert web.get(reverse("my")).status_code == 302, "who was logged in isn't any more"
        assert not AccountSession.objects.filter(account_id=account.pk).exists()
        assert logged_in(log_in_as(PHONE, "another-one-of-mine")) == account.pk
        assert any("were changed" in text or "变更" in text for text in phones.texts(PHONE))

    def test_with_the_gateway_away_nothing_is_decided(self, account, clock):
        clock(2)
        web = browser()
        sandbox.make(real_names.SYSTEM, sandbox.Behaviour.AWAY)
        assert "nothing was decided" in said(joining.recover(web, PHONE, NAME, NUMBER))
        sandbox.make(real_names.SYSTEM, sandbox.Behaviour.USUAL)
        assert "Your new password counts" in said(joining.name(web, "recover-name", NAME, NUMBER))


def log_in_as(name: str, password: str = PASSWORD):
    web = browser()
    log_in(web, name, password)
    return web


class TestOwnPage:
    def test_a_new_phone_is_proved_and_the_old_one_told(self, web, account):
        answer = joining.prove(web, "own-phone", NEW_PHONE)
        account.refresh_from_db()
        assert "Your phone is proved" in said(answer) and account.phone == NEW_PHONE
        assert len(phones.texts(PHONE)) == 2 and logged_in(log_in_as(NEW_PHONE)) == account.pk
        assert logged_in(log_in_as(PHONE)) is None

    def test_a_code_for_one_account_proves_nothing_in_another(self, web, account, clock):
        other = browser()
        joining.register(other, "13900000003", "钱七", OTHER)
        web.post(reverse("own-phone"), {"phone": NEW_PHONE})
        code = phones.code(NEW_PHONE)
        clock(2)
        other.post(reverse("own-phone"), {"phone": NEW_PHONE})
        if code != phones.code(NEW_PHONE):
            assert other.post(reverse("own-phone-code"), {"code": code}).status_code == 422

    def test_who_has_no_phone_any_more_is_asked_at_the_next_log_in_and_may_do_it_later(
        self, account
    ):
        User.objects.filter(pk=account.pk).update(phone="", phone_index=None, phone_proved_at=None)
        web = browser()
        answer = log_in(web, NUMBER)
        assert answer.request["PATH_INFO"] == reverse("own-phone") and "Later" in said(answer)
        assert web.get(reverse("my")).status_code == 200

    def test_the_password_is_changed_by_who_knows_it_and_ends_the_other_sessions(
        self, web, account
    ):
        other = log_in_as(PHONE)
        given = {"password": "another-one-of-mine", "password_again": "another-one-of-mine"}
        wrong = web.post(reverse("own-password"), {"present": "guess", **given})
        assert wrong.status_code == 422 and other.get(reverse("my")).status_code == 200
        done = web.post(reverse("own-password"), {"present": PASSWORD, **given}, follow=True)
        assert "all other sessions have ended" in said(done)
        assert web.get(reverse("my")).status_code == 200
        assert other.get(reverse("my")).status_code == 302

    def test_staff_change_theirs_too(self):
        officer = factories.officer(REGISTRATION)
        web = browser()
        log_in(web, officer.username, "secret-for-tests")
        given = {"password": "another-one-of-mine", "password_again": "another-one-of-mine"}
        web.post(reverse("own-password"), {"present": "secret-for-tests", **given})
        officer.refresh_from_db()
        assert officer.check_password("another-one-of-mine")

    def test_sessions_are_listed_and_ended_one_or_all(self, web, account):
        others = [log_in_as(PHONE), log_in_as(PHONE)]
        page = web.get(reverse("profile"))
        marks = [one["mark"] for one in page.context["sessions"] if not one["here"]]
        assert len(marks) == 2 and page.context["sessions"][0]["here"]
        keys = AccountSession.objects.values_list("session_key", flat=True)
        assert not any(key in said(page) for key in keys), "a session's key opens it"
        web.post(reverse("own-sessions"), {"session": marks[0]})
        assert sorted(one.get(reverse("my")).status_code for one in others) == [200, 302]
        web.post(reverse("own-sessions"))
        assert {one.get(reverse("my")).status_code for one in others} == {302}
        assert web.get(reverse("my")).status_code == 200

    def test_nobody_ends_a_strangers_session(self, web, account):
        stranger = browser()
        joining.register(stranger, "13900000003", "钱七", OTHER)
        mark = web.get(reverse("profile")).context["sessions"][0]["mark"]
        stranger.post(reverse("own-sessions"), {"session": mark})
        assert web.get(reverse("my")).status_code == 200

    def test_what_happened_is_told_with_who_did_it(self, web, account):
        page = said(web.get(reverse("profile")))
        assert "What happened with your account" in page and "Account opened" in page


class TestClosing:
    def test_it_says_what_is_kept_and_drops_the_drafts(self, web, account, settings, tmp_path):
        settings.MEDIA_ROOT = str(tmp_path)
        draft, earlier = (factories.draft(applicant=account) for _draft in range(2))
        withdraw(actor=account, application_id=earlier.pk)
        page = said(web.get(reverse("close-account")))
        assert "What is kept" in page and "the law keeps the registration's archive" in page
        wrong = web.post(reverse("close-account"), {"sure": "on", "present": "guess"})
        assert wrong.status_code == 422
        done = web.post(reverse("close-account"), {"sure": "on", "present": PASSWORD}, follow=True)
        assert "Your account is closed" in said(done) and logged_in(web) is None
        for row in Application.objects.filter(pk__in=(draft.pk, earlier.pk)):
            assert row.state == "withdrawn" and not row.answers
            assert not row.people.exists() and not row.materials.exists()
        assert logged_in(log_in_as(PHONE)) is None and logged_in(log_in_as(NUMBER)) is None

    def test_a_case_under_way_is_ended_first(self, web, account):
        case = factories.filed(applicant=account)
        given = {"sure": "on", "present": PASSWORD}
        answer = said(web.post(reverse("close-account"), given))
        assert "A case of yours is under way" in answer and case.number in answer
        account.refresh_from_db()
        assert account.is_active


class TestCopy:
    def test_it_holds_what_is_kept_and_asks_for_the_password(
        self, web, account, settings, tmp_path
    ):
        settings.MEDIA_ROOT = str(tmp_path)
        case = factories.filed(applicant=account)
        unsent.keep(account.pk, "/page/", "/page/", {"note": ["not yet"]})
        wrong = web.post(reverse("own-data"), {"present": "guess"})
        assert wrong.status_code == 422 and "not your present password" in said(wrong)
        assert account.account_events.filter(kind="copy").count() == 0
        answer = web.post(reverse("own-data"), {"present": PASSWORD})
        packed = ZipFile(BytesIO(b"".join(answer.streaming_content)))
        kept = json.loads(packed.read("data.json"))
        assert (kept["account"]["id_number"], kept["account"]["phone"]) == (NUMBER, PHONE)
        (log_in,) = kept["log_ins"]
        assert (log_in["address"], log_in["was_right"]) == ("127.0.0.1", True)
        (row,) = kept["not_sent"]
        assert row["typed"] == {"note": ["not yet"]}
        (row,) = kept["cases"]
        assert row["number"] == case.number and row["answers"] and row["people"][0]["name"]
        upload = case.materials.first()
        place = row["uploads"][0]["file"]
        with upload.file.open("rb") as file:
            assert packed.read(place) == file.read()
        assert account.account_events.filter(kind="copy").count() == 1

    def test_no_more_of_them_are_made_than_the_machine_can_bear(self, web, account, one_minute):
        for _press in range(10):
            copy = web.post(reverse("own-data"), {"present": PASSWORD})
            assert b"".join(copy.streaming_content).startswith(b"PK")
        assert web.post(reverse("own-data"), {"present": PASSWORD}).status_code == 429
        assert web.get(reverse("profile")).status_code == 200

    def test_nobody_gets_anothers(self, web, account):
        factories.filed()
        answer = web.post(reverse("own-data"), {"present": PASSWORD})
        packed = ZipFile(BytesIO(b"".join(answer.streaming_content)))
        assert json.loads(packed.read("data.json"))["cases"] == []
        officer = browser()
        officer.force_login(factories.officer("tax"))
        assert officer.get(reverse("own-data")).url == reverse("profile")


class TestWindow:
    @pytest.fixture
    def officer(self):
        return driving.staff(factories.ZoneFactory())[REGISTRATION]

    @pytest.fixture
    def desk(self, officer):
        web = browser()
        web.force_login(officer)
        return web

    CARD = {"real_name": NAME, "id_number": NUMBER, "seen": "on"}

    def test_an_account_is_given_back_to_who_stands_there(self, web, account, desk, officer):
        given = {**self.CARD, "act": "give_back", "phone": NEW_PHONE}
        page = desk.post(reverse("account-window"), given, follow=True)
        assert "read it out" in said(page)
        done = desk.post(
            reverse("account-window-code"), {"code": phones.code(NEW_PHONE)}, follow=True
        )
        assert "its holder's again" in said(done)
        assert web.get(reverse("my")).status_code == 302 and logged_in(log_in_as(PHONE)) is None
        assert logged_in(log_in_as(NUMBER)) is None, "the old password opens nothing"
        answer = joining.recover(browser(), NEW_PHONE, NAME, NUMBER, password="another-one-of-mine")
        assert "Your new password counts" in said(answer)
        own = log_in_as(NEW_PHONE, "another-one-of-mine")
        events = said(own.get(reverse("profile")))
        assert "Given to its holder at the window" in events and officer.real_name in events

    def test_a_name_follows_the_card(self, account, desk):
        sandboxed = {"real_name": "赵陆", "id_number": NUMBER, "seen": "on", "act": "rename"}
        answer = desk.post(reverse("account-window"), sandboxed)
        assert answer.status_code == 422 and "don't belong together" in said(answer)
        cache.clear()  # the register of persons has followed the change of name
        assert "new name" in said(desk.post(reverse("account-window"), sandboxed, follow=True))
        account.refresh_from_db()
        assert account.real_name == "赵陆"

    @pytest.mark.parametrize("missing", ["seen", "phone"])
    def test_the_card_is_seen_and_the_phone_named(self, account, desk, missing):
        given = {**self.CARD, "act": "give_back", "phone": NEW_PHONE, missing: ""}
        answer = desk.post(reverse("account-window"), given)
        assert answer.status_code == 422 and missing in answer.context["form"].errors
        account.refresh_from_db()
        assert account.phone == PHONE

    def test_with_the_gateway_away_nothing_is_done(self, account, desk):
        sandbox.make(real_names.SYSTEM, sandbox.Behaviour.AWAY)
        given = {**self.CARD, "act": "give_back", "phone": NEW_PHONE}
        assert "Nothing was decided" in said(desk.post(reverse("account-window"), given))

    def test_it_is_the_registrars_alone(self, account, web):
        for user in (factories.supervisor(), factories.officer("tax"), account):
            other = browser()
            other.force_login(user)
            for page in ("account-window", "account-window-code"):
                assert other.get(reverse(page)).status_code == 403
                assert other.post(reverse(page), self.CARD).status_code == 403
