"""Logging in with the province's service site, as the sandbox plays it: from the log-in page and back."""

from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.urls import reverse

from kernel.accounts import service_site
from kernel.accounts.models import AccountEvent, LogInRecord, User
from kernel.accounts.proofs import Proof, proof_of
from kernel.accounts.service_site_sandbox import Answer
from kernel.core import sandbox
from tests import factories, joining
from tests.factories import MORNING
from tests.filings import resident_id
from tests.joining import browser, logged_in

PHONE, NAME = "13900000001", "赵六"
NUMBER, OTHER = resident_id("19900101", 101), resident_id("19910202", 103)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(travel):
    travel(MORNING)
    return travel


@pytest.fixture
def web():
    return browser()


def words(answer) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def sent_to_the_site(web, onward: str = "") -> str:
    query = f"?{urlencode({'next': onward})}" if onward else ""
    answer = web.get(reverse("site") + query)
    assert answer.status_code == 302 and answer.url.startswith(reverse("sandbox-site"))
    return answer.url


def chosen(web, address: str, answer: Answer = Answer.YES, name=NAME, number=NUMBER):
    """What the site answers: the address to which the browser goes back."""
    typed = {"who": "other", "real_name": name, "id_number": number, "answer": answer.value}
    back = web.post(address, typed)
    assert back.status_code == 302, back.context["form"].errors
    return back.url


def by_the_site(web, answer: Answer = Answer.YES, name=NAME, number=NUMBER, onward: str = ""):
    back = chosen(web, sent_to_the_site(web, onward), answer, name, number)
    return web.get(back, follow=True)


class TestWhoComesForTheFirstTime:
    def test_has_an_account_with_a_proved_name_and_is_asked_for_a_phone(self, web):
        page = web.get(reverse("login"))
        assert f'href="{reverse("site")}"' in page.content.decode()
        answer = by_the_site(web)
        account = User.objects.get()
        assert logged_in(web) == account.pk and proof_of(account) is Proof.NAME
        assert (account.real_name, account.id_number, account.phone) == (NAME, NUMBER, "")
        assert answer.request["PATH_INFO"] == reverse("own-phone")
        assert "Your account is open" in words(answer)
        kinds = {event.kind for event in account.account_events.all()}
        assert kinds == {AccountEvent.Kind.REGISTERED, AccountEvent.Kind.SITE}
        assert "Logged in by the province's service site" in words(web.get(reverse("profile")))

    def test_the_log_in_is_kept_with_its_place_as_one_by_password_is(self, web):
        by_the_site(web)
        (row,) = LogInRecord.objects.all()
        assert (row.account, row.address, row.was_right) == (User.objects.get(), "127.0.0.1", True)

    def test_the_second_time_it_is_the_same_account(self, web):
        by_the_site(web)
        again = browser()
        by_the_site(again, name="赵六六")
        account = User.objects.get()
        assert logged_in(again) == account.pk and account.real_name == NAME
        assert account.account_events.filter(kind=AccountEvent.Kind.SITE).count() == 1

    def test_the_session_is_another_than_before(self, web):
        web.get(reverse("site"))
        before = web.session.session_key
        by_the_site(web)
        assert before and web.session.session_key != before

    def test_one_goes_where_one_wanted_to(self, web):
        wanted = reverse("profile") + "?x=1&y=%E8%B5%B5"
        page = web.get(reverse("login"), {"next": wanted})
        link = page.content.decode().partition(f'href="{reverse("site")}?')[2].partition('"')[0]
        assert parse_qs(unescape(link))["next"] == [wanted]
        back = chosen(web, sent_to_the_site(web, wanted))
        assert web.get(back).url == wanted

    @pytest.mark.parametrize(
        "onward", ["https://elsewhere.example/", "//elsewhere.example", "x" * 3000]
    )
    def test_but_never_elsewhere(self, web, onward):
        assert web.get(chosen(web, sent_to_the_site(web, onward))).url == reverse("work")


class TestWhoHasAnAccount:
    @pytest.fixture
    def account(self) -> User:
        joining.register(browser(), PHONE, NAME, NUMBER)
        return User.objects.get()

    def test_is_logged_in_to_it_and_it_keeps_its_phone(self, web, account):
        by_the_site(web)
        account.refresh_from_db()
        assert logged_in(web) == account.pk and account.phone == PHONE
        assert User.objects.count() == 1
        assert account.account_events.filter(kind=AccountEvent.Kind.SITE).count() == 1

    def test_a_number_that_was_only_typed_is_nobodys_proof(self, web):
        sandbox.make("real_names", sandbox.Behaviour.AWAY)
        joining.register(browser(), PHONE, NAME, NUMBER)
        claimed = User.objects.get()
        by_the_site(web)
        assert logged_in(web) not in (None, claimed.pk)

    def test_an_account_that_was_set_inactive_stays_shut(self, web, account):
        User.objects.update(is_active=False)
        answer = by_the_site(web)
        assert "can't be opened this way" in words(answer) and logged_in(web) is None
        assert User.objects.count() == 1

    def test_staff_are_never_logged_in_so(self, web):
        officer = factories.UserFactory(roles=("supervisor",), id_number=NUMBER)
        by_the_site(web)
        account = User.objects.exclude(pk=officer.pk).get()
        assert logged_in(web) == account.pk and not account.is_staff_member
        at_work = browser()
        at_work.force_login(officer)
        assert at_work.get(reverse("site")).url == reverse("work")
        assert at_work.get(reverse("site-answer")).url == reverse("work")

    def test_who_is_logged_in_proves_their_name_with_it(self, web, account):
        User.objects.update(name_proved_at=None)
        web.force_login(account)
        assert f'href="{reverse("site")}"' in web.get(reverse("own-name")).content.decode()
        answer = by_the_site(web)
        account.refresh_from_db()
        assert "Your name is proved" in words(answer) and proof_of(account) is Proof.NAME
        assert User.objects.count() == 1

    def test_two_accounts_never_hold_one_person(self, web, account):
        other = factories.UserFactory(phone="13900000002")
        User.objects.filter(pk=other.pk).update(name_proved_at=None)
        web.force_login(other)
        answer = by_the_site(web)
        assert "another account already" in words(answer) and logged_in(web) == other.pk
        other.refresh_from_db()
        assert proof_of(other) is not Proof.NAME

    def test_who_is_logged_in_does_not_become_somebody_else(self, web, account):
        web.force_login(account)
        answer = by_the_site(web, number=OTHER, name="钱七")
        assert "somebody else than this account's holder" in words(answer)
        assert logged_in(web) == account.pk and User.objects.count() == 1


class TestWhatGoesWrong:
    """A sentence, the log-in page, and the way that one wanted to go."""

    @pytest.mark.parametrize(
        ("answer", "sentence"),
        [
            (Answer.REFUSED, "didn't log you in, or you said no there"),
            (Answer.UNSURE, "doesn't know your real name surely enough"),
            (Answer.LATE, "doesn't count any more"),
            (Answer.FOR_ANOTHER, "doesn't count any more"),
            (Answer.FORGED, "doesn't count any more"),
        ],
    )
    def test_an_answer_that_must_not_count(self, web, answer, sentence):
        page = by_the_site(web, answer, onward=reverse("profile"))
        assert page.request["PATH_INFO"] == reverse("login") and sentence in words(page)
        assert f'name="next" value="{reverse("profile")}"' in page.content.decode()
        assert logged_in(web) is None and not User.objects.exists()
        by_the_site(web, onward=reverse("profile"))
        assert logged_in(web), "and then it works"

    def test_a_site_that_is_away_before_and_after(self, web):
        back = chosen(web, sent_to_the_site(web))
        sandbox.make(service_site.SYSTEM, sandbox.Behaviour.AWAY)
        for address in (back, reverse("site")):
            page = web.get(address, follow=True)
            assert "can't be reached at the moment" in words(page)
            assert page.request["PATH_INFO"] == reverse("login")
        assert not User.objects.exists()

    def test_a_code_counts_once(self, web):
        address = sent_to_the_site(web)
        back = chosen(web, address)
        web.get(back)
        assert web.get(back).url == reverse("work"), "loaded again"
        web.post(reverse("logout"))
        assert "doesn't count any more" in words(web.get(back, follow=True))

    def test_in_one_browser_alone(self, web):
        """Somebody else's answer, put into this browser, would log its holder in to a stranger's account."""
        stranger = browser()
        back = chosen(stranger, sent_to_the_site(stranger))
        assert "doesn't count any more" in words(web.get(back, follow=True))
        assert logged_in(web) is None
        mine = parse_qs(urlsplit(sent_to_the_site(web)).query)["state"][0]
        code = parse_qs(urlsplit(back).query)["code"][0]
        mixed = f"{reverse('site-answer')}?{urlencode({'state': mine, 'code': code})}"
        assert "doesn't count any more" in words(web.get(mixed, follow=True))
        assert logged_in(web) is None and not User.objects.exists()

    def test_for_ten_minutes(self, web, monkeypatch):
        back = chosen(web, sent_to_the_site(web))
        session = web.session
        for begun in session["service_site"].values():
            begun["at"] -= 600
        session.save()
        assert "doesn't count any more" in words(web.get(back, follow=True))

    def test_several_tabs_each_come_back(self, web):
        first, second = sent_to_the_site(web, "/a"), sent_to_the_site(web, "/b")
        assert web.get(chosen(web, first)).url == "/a"
        assert web.get(chosen(web, second)).url == "/b"

    @pytest.mark.parametrize("number", ["110105194912310021", "x", "H08123456"])
    def test_a_number_that_cannot_be(self, web, number):
        page = by_the_site(web, number=number)
        assert "can't be used here" in words(page) and not User.objects.exists()

    @pytest.mark.parametrize("query", ["", "?state=", "?state=x&code=y", "?error=access_denied"])
    def test_who_was_never_sent(self, web, query):
        page = web.get(reverse("site-answer") + query, follow=True)
        assert page.request["PATH_INFO"] == reverse("login")
        assert "doesn't count any more" in words(page)

    def test_the_site_may_say_that_it_is_in_trouble(self, web):
        state = parse_qs(urlsplit(sent_to_the_site(web)).query)["state"][0]
        told = urlencode({"state": state, "error": "temporarily_unavailable"})
        page = web.get(f"{reverse('site-answer')}?{told}", follow=True)
        assert "can't be reached at the moment" in words(page)


class TestWithoutPassword:
    def test_one_is_set_or_the_account_closed_after_a_fresh_log_in_alone(self, web):
        by_the_site(web)
        session = web.session
        session["begun"] -= 601
        session.save()
        new = {"password": joining.PASSWORD, "password_again": joining.PASSWORD}
        for page, given in (
            ("own-password", new),
            ("close-account", {"sure": "on"}),
            ("own-data", {"x": "y"}),
        ):
            for answer in (web.get(reverse(page)), web.post(reverse(page), given)):
                assert "You have no password here" in words(answer), page
            assert answer.status_code == 422
        assert not User.objects.get().has_usable_password() and User.objects.get().is_active
        before = web.session.session_key
        by_the_site(web)
        assert web.session.session_key != before
        copy = web.post(reverse("own-data"), {"x": "y"})
        assert b"".join(copy.streaming_content).startswith(b"PK")
        assert web.post(reverse("own-password"), new).status_code == 302
        assert User.objects.get().check_password(joining.PASSWORD)
        assert web.post(reverse("own-password"), new).status_code == 422, "now it is asked for"


class TestTheSandbox:
    def test_it_sends_nobody_but_to_the_portal(self, web):
        address = sent_to_the_site(web)
        assert web.get(address).status_code == 200
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        for other in (
            {"redirect_uri": "https://elsewhere.example/"},
            {"client_id": "another"},
            {"code_challenge_method": "plain"},
            {"code_challenge": ""},
            {"state": ""},
        ):
            assert web.get(reverse("sandbox-site"), query | other).status_code == 404
        assert web.get(reverse("sandbox-site")).status_code == 404

    def test_somebody_else_needs_a_name_and_a_number(self, web):
        typed = {"who": "other", "answer": "yes"}
        answer = web.post(sent_to_the_site(web), typed)
        assert answer.status_code == 422 and "Enter the ID number of whom" in words(answer)

    def test_people_of_the_demonstration_are_known(self, web):
        address = sent_to_the_site(web)
        web.get(web.post(address, {"who": "0", "answer": "yes"}).url)
        from portal.demo.people import known

        assert User.objects.get().id_number == known()[0][1]

    @pytest.mark.parametrize("connected", [service_site.NotOffered, service_site.Oidc])
    def test_where_it_is_not_played_it_is_not_there(self, web, connected):
        address = sent_to_the_site(web)
        service_site.site.connect(connected())
        try:
            assert web.get(address).status_code == 404
            offered = reverse("site") in words(web.get(reverse("login")))
            assert offered is connected.offered
            assert (web.get(reverse("site")).status_code == 404) is not connected.offered
        finally:
            service_site.site.connect(None)
