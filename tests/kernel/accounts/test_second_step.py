"""The second step of staff, through its pages: without it a password opens nothing."""

import base64
import re
import time
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp

from kernel.accounts import second_step, unsent
from kernel.accounts.devices import Authenticator, EnrolmentLink, RecoveryCodes, digest_of
from kernel.accounts.models import AccountSession, Role
from kernel.accounts.proposals import Proposal
from tests import driving, factories, officers, seconds
from tests.codes import REGISTRATION, TAX
from tests.officers import address

pytestmark = pytest.mark.django_db
PASSWORD = "secret-for-tests"
STEP, SET_UP, CODES, AGAIN, WORK = (
    reverse(name)
    for name in (
        "second-step",
        "second-step-set-up",
        "recovery-codes",
        "second-step-again",
        "work",
    )
)
QUEUE = address(TAX, "queue")


@pytest.fixture(autouse=True)
def _asked(settings):
    settings.STAFF_MFA = True


@pytest.fixture
def officer(zone):
    return factories.officer(TAX, zone)


def logged_in(user, client=None) -> Client:
    client = client or Client(headers={"accept-language": "en"})
    client.cookies["language"] = "en"
    answer = client.post(reverse("login"), {"username": user.username, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def code_of(user, steps: int = 0, confirmed: bool = True) -> str:
    """What the app of the user shows, `steps` half-minutes from now."""
    key = bytes.fromhex(Authenticator.objects.get(user=user, confirmed=confirmed).key)
    return f"{totp(key, t0=-30 * steps):06d}"


def enrolled(user) -> tuple[Client, list[str]]:
    """A browser in which the person has set up the second step, and the recovery codes that were shown."""
    browser = logged_in(user)
    assert browser.get(second_step.enrolment_link(user))["Location"] == SET_UP
    assert browser.get(SET_UP).status_code == 200
    answer = browser.post(SET_UP, {"code": code_of(user, confirmed=False)})
    return browser, re.findall(r"[2-9A-Z]{5}-[2-9A-Z]{5}", answer.content.decode())


def test_the_first_device_is_set_up_by_the_administrators_link(officer):
    browser = logged_in(officer)
    link = second_step.enrolment_link(officer)
    answer = browser.get(QUEUE)
    assert answer.status_code == 302 and answer["Location"].startswith(STEP)
    assert browser.get(answer["Location"])["Location"] == SET_UP
    refused = browser.get(SET_UP)
    assert refused.status_code == 403 and "gives you a link" in refused.content.decode()
    assert browser.get(link)["Location"] == SET_UP
    page = browser.get(SET_UP).content.decode()
    device = Authenticator.objects.get(user=officer)
    assert "data:image/svg+xml" in page and device.secret in page.replace(" ", "")
    assert (
        browser.get(SET_UP).content.decode().count(device.secret[:4]) >= 1
    )  # a reload shows the same key
    shown = browser.post(SET_UP, {"code": code_of(officer, confirmed=False)})
    assert shown.status_code == 200 and "no-store" in shown["Cache-Control"]
    assert len(re.findall(r"[2-9A-Z]{5}-[2-9A-Z]{5}", shown.content.decode())) == 10
    assert browser.get(QUEUE).status_code == 200


@pytest.mark.parametrize("fault", ["another's", "used", "too old", "renewed", "guessed"])
def test_a_link_that_is_not_ones_own_or_is_void_sets_nothing_up(fault, officer, zone):
    whose = factories.officer(TAX, zone) if fault == "another's" else officer
    link = second_step.enrolment_link(whose)
    if fault == "used":
        enrolled(officer)
        Authenticator.objects.all().delete()  # the device is gone, not the fact that the link was used
        RecoveryCodes.objects.all().delete()
    if fault == "too old":
        EnrolmentLink.objects.update(made_at=timezone.now() - timedelta(days=3, minutes=1))
    if fault == "renewed":
        second_step.enrolment_link(officer)
    if fault == "guessed":
        link = reverse("enrol", args=["abcdef"])
    browser = logged_in(officer)
    answer = browser.get(link)
    assert answer.status_code == 403 and "This link is not yours" in answer.content.decode()
    assert browser.post(SET_UP, {"code": "000000"}).status_code == 403
    assert browser.post(reverse("passkey-making")).status_code == 403
    assert not Authenticator.objects.filter(user=officer).exists()


def test_a_link_leads_through_the_log_in(officer):
    browser = Client()
    link = second_step.enrolment_link(officer)
    to_log_in = browser.get(link)["Location"]
    given = {"username": officer.username, "password": PASSWORD, "next": link}
    assert browser.post(to_log_in, given)["Location"] == link
    assert browser.get(link)["Location"] == SET_UP


def test_who_has_a_device_needs_no_link(officer):
    browser, _codes = enrolled(officer)
    assert browser.get(second_step.enrolment_link(officer))["Location"] == STEP


def test_the_host_gives_a_link_to_who_has_no_administrator(officer):
    told = StringIO()
    call_command("enrolment_link", officer.username, stdout=told)
    path = told.getvalue().strip().removeprefix(django_settings.SITE_ADDRESS)
    assert logged_in(officer).get(path)["Location"] == SET_UP
    enrolled(officer)
    with pytest.raises(CommandError, match="has a device already"):
        call_command("enrolment_link", officer.username)
    call_command("enrolment_link", officer.username, "--anew", stdout=told)
    assert not Authenticator.objects.exists()
    with pytest.raises(CommandError, match="Nobody of the staff"):
        call_command("enrolment_link", factories.UserFactory().username)


def test_a_wrong_first_code_takes_nothing_into_use(officer):
    browser = logged_in(officer)
    browser.get(second_step.enrolment_link(officer))
    browser.get(SET_UP)
    answer = browser.post(SET_UP, {"code": "000000"})
    assert answer.status_code == 422 and "does not belong to the picture" in answer.content.decode()
    assert (
        not Authenticator.objects.filter(confirmed=True).exists()
        and browser.get(QUEUE).status_code == 302
    )


def test_a_code_of_the_app_leads_to_the_page_that_was_asked_for(officer):
    enrolled(officer)
    browser = logged_in(officer)
    asked = browser.get(f"{QUEUE}?x=1")
    page = browser.get(asked["Location"])
    assert page.status_code == 200 and browser.get(SET_UP)["Location"] == STEP
    before = browser.session.session_key
    answer = browser.post(STEP, {"code": code_of(officer, 1), "next": page.context["next"]})
    assert answer.status_code == 302 and answer["Location"] == f"{QUEUE}?x=1"
    assert browser.get(QUEUE).status_code == 200 and browser.session.session_key != before


def test_the_way_on_never_leads_to_another_site(officer):
    enrolled(officer)
    answer = logged_in(officer).post(
        STEP, {"code": code_of(officer, 1), "next": "https://evil.example/"}
    )
    assert answer["Location"] == WORK


def test_a_code_is_taken_once(officer):
    browser, _codes = enrolled(officer)
    code = code_of(officer, 1)
    assert logged_in(officer).post(STEP, {"code": code}).status_code == 302
    again = logged_in(officer).post(STEP, {"code": code})
    assert again.status_code == 422 and "used already" in again.content.decode()


def test_a_recovery_code_opens_once_and_few_are_told(officer):
    _browser, codes = enrolled(officer)
    for number, code in enumerate(codes[:7]):
        browser = logged_in(officer)
        assert browser.post(STEP, {"code": code.lower().replace("-", " ")}).status_code == 302, (
            number
        )
    assert "3 recovery codes left" in browser.get(QUEUE).content.decode()
    assert logged_in(officer).post(STEP, {"code": codes[0]}).status_code == 422


def test_neither_key_nor_codes_lie_open_in_the_database(officer):
    _browser, codes = enrolled(officer)
    device = Authenticator.objects.get(user=officer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM accounts_authenticator")
        stored = cursor.fetchone()[0]
        cursor.execute("SELECT digests FROM accounts_recoverycodes")
        digests = str(cursor.fetchone()[0])
    assert stored.startswith("v1:k2:") and device.key not in stored
    assert codes[0].replace("-", "") not in digests and digest_of(codes[0]) in digests


def test_after_wrong_codes_even_the_right_one_has_to_wait(officer):
    enrolled(officer)
    browser = logged_in(officer)
    for _try in range(3):
        browser.post(STEP, {"code": "000000"})
        Authenticator.objects.update(
            throttling_failure_timestamp=timezone.now() - timedelta(seconds=60)
        )
    Authenticator.objects.update(
        throttling_failure_count=9, throttling_failure_timestamp=timezone.now()
    )
    answer = browser.post(STEP, {"code": code_of(officer, 1)})
    assert answer.status_code == 422 and re.search("Wait 25[0-9] seconds", answer.content.decode())
    assert browser.get(QUEUE).status_code == 302


def test_another_phone_takes_the_place_of_the_first(officer):
    browser, _codes = enrolled(officer)
    profile = browser.get(reverse("profile")).content.decode()
    assert "Change to another phone" in profile and "Recovery codes left" in profile
    old = code_of(officer, 1)
    browser.get(SET_UP)
    assert browser.post(SET_UP, {"code": code_of(officer, confirmed=False)}).status_code == 200
    assert Authenticator.objects.filter(user=officer).count() == 1
    assert browser.get(QUEUE).status_code == 200
    assert logged_in(officer).post(STEP, {"code": old}).status_code == 422


def test_new_recovery_codes_void_the_old(officer):
    browser, codes = enrolled(officer)
    assert browser.post(CODES).status_code == 200
    assert logged_in(officer).post(STEP, {"code": codes[0]}).status_code == 422


def test_the_password_alone_opens_nothing_and_not_to_programs_either(officer, client):
    browser = logged_in(officer)
    for path in (
        "/api/v1/stages/",
        reverse("stay"),
        CODES,
        "/messages/",
        address(TAX, "next"),
    ):
        for answer in (browser.get(path), browser.post(path)):
            assert answer.status_code in (302, 403, 405), path
            assert answer.status_code != 302 or answer["Location"].startswith(STEP), path
    assert browser.get(QUEUE, headers={"HX-Request": "true"}).status_code == 403
    assert not RecoveryCodes.objects.exists()
    basic = "Basic " + base64.b64encode(f"{officer.username}:{PASSWORD}".encode()).decode()
    refused = client.get(
        "/api/v1/stages/", headers={"Authorization": basic, "Accept-Language": "en"}
    )
    assert refused.status_code == 403 and "second step" in str(refused.json())
    assert browser.post(reverse("logout")).status_code == 302


def test_the_password_alone_shows_nothing_of_what_was_typed_before(officer):
    enrolled(officer)
    unsent.keep(officer.pk, QUEUE, QUEUE, {"question": ["Is it enough?"]})
    browser = logged_in(officer)
    assert QUEUE not in browser.get(STEP).content.decode()
    browser.post(STEP, {"code": code_of(officer, 1)})
    assert "Is it enough?" in browser.get(QUEUE).content.decode()


def test_applicants_are_not_asked(db):
    applicant = factories.UserFactory()
    browser = logged_in(applicant)
    assert browser.get(reverse("my")).status_code == 200
    assert browser.get(SET_UP)["Location"] == reverse("profile")


def test_where_the_installation_does_not_ask_nothing_changes(officer, settings):
    settings.STAFF_MFA = False
    assert logged_in(officer).get(QUEUE).status_code == 200


def test_it_is_set_up_anew_once_two_persons_want_it(officer, zone):
    """Neither password nor device of before counts; the holder chooses both by the link that the first gives."""
    at_work, _codes = enrolled(officer)
    browser, _codes = enrolled(factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone))
    seconds.with_a_second(zone)
    people = reverse("admin:accounts_user_changelist")
    chosen = {"action": "ask_to_reset", "_selected_action": [officer.pk]}
    assert browser.post(people, {**chosen, "reason": ""}).status_code == 422
    assert browser.post(people, {**chosen, "reason": "Phone lost."}).status_code == 302
    assert second_step.is_enrolled(officer) and at_work.get(QUEUE).status_code == 200
    seconds.agree_to_all()
    assert not second_step.is_enrolled(officer) and at_work.get(QUEUE).status_code == 302
    page = browser.post(people, {**chosen, "action": "give_link"}, follow=True)
    link = re.search(r"http://testserver(/account/\S+/enrol/[^/\s]+/)", page.content.decode())[1]
    anew, password = Client(headers={"accept-language": "en"}), "violet-lamp-47-rain"
    assert "Choose your password" in anew.get(link).content.decode()
    typed = {"new_password1": password, "new_password2": password}
    assert anew.post(link, typed)["Location"] == SET_UP
    assert anew.get(SET_UP).status_code == 200
    anew.post(SET_UP, {"code": code_of(officer, confirmed=False)})
    assert anew.get(QUEUE).status_code == 200
    assert Client().get(link).status_code == 302, "it is used"


def test_an_administrator_gives_a_link_to_who_has_no_device_alone(officer, zone):
    newcomer = factories.officer(TAX, zone)
    enrolled(officer)
    chief = factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone)
    browser, _codes = enrolled(chief)
    chosen = {"action": "give_link", "_selected_action": [officer.pk, newcomer.pk]}
    page = browser.post(reverse("admin:accounts_user_changelist"), chosen, follow=True)
    text = page.content.decode()
    assert text.count("/enrol/") == 1 and "can log in. Ask to have" in text
    link = re.search(r"http://testserver(/account/\S+/enrol/[^/\s]+/)", text)[1]
    assert "/login/" in Client().get(link)["Location"], "their password is theirs"


def test_of_another_zones_people_nobody_forgets_or_enrols(officer):
    """Whoever guesses their number sends it in vain."""
    enrolled(officer)
    newcomer = factories.officer(TAX, officer.zone)
    elsewhere = factories.ZoneFactory(code="elsewhere")
    chief = factories.UserFactory(role=Role.ADMINISTRATOR, zone=elsewhere)
    browser, _codes = enrolled(chief)
    for action in ("ask_to_reset", "give_link"):
        chosen = {"action": action, "_selected_action": [officer.pk, newcomer.pk], "reason": "x"}
        page = browser.post(reverse("admin:accounts_user_changelist"), chosen, follow=True)
        assert page.status_code == 200 and "/enrol/" not in page.content.decode()
    assert not Proposal.objects.exists()
    assert second_step.is_enrolled(officer) and not EnrolmentLink.objects.exists()


def test_no_link_is_given_where_the_installation_asks_for_no_second_step(officer, settings):
    settings.STAFF_MFA = False
    chief = factories.UserFactory(role=Role.ADMINISTRATOR, zone=officer.zone)
    people = reverse("admin:accounts_user_changelist")
    chosen = {"action": "give_link", "_selected_action": [officer.pk]}
    page = logged_in(chief).post(people, chosen, follow=True).content.decode()
    assert "/enrol/" not in page and "can log in" in page
    assert not EnrolmentLink.objects.exists()


def test_a_passkey_is_removed_where_its_button_stands_and_after_password_and_code(officer):
    browser, _codes = enrolled(officer)
    remove = reverse("passkey-remove", args=[factories.passkey(officer).pk])
    profile = reverse("profile")
    again = stale(browser).post(remove)["Location"]
    given = {"password": PASSWORD, "code": code_of(officer, 1)}
    given["next"] = browser.get(again).context["next"]
    assert browser.post(AGAIN, given, follow=True).redirect_chain[-1][0] == profile
    assert browser.post(remove)["Location"] == profile
    assert not second_step.passkeys(officer).exists()


@pytest.fixture
def _locks():
    cache.clear()


@pytest.mark.usefixtures("_locks")
def test_wrong_passwords_lock_a_name_and_an_address_together(officer, zone, settings):
    settings.STAFF_MFA = False
    colleague = factories.officer(TAX, zone)

    def tried(user, place: str, password: str) -> int:
        return (
            Client(REMOTE_ADDR=place)
            .post(reverse("login"), {"username": user.username, "password": password})
            .status_code
        )

    for _try in range(settings.LOG_IN_TRIES["pair"]):
        tried(officer, "203.0.113.1", "wrong")
    assert tried(officer, "203.0.113.1", PASSWORD) == 429
    assert tried(officer, "203.0.113.2", PASSWORD) == 302
    assert tried(colleague, "203.0.113.1", PASSWORD) == 302


def test_a_session_of_staff_ends_after_its_hours_however_much_it_is_used(officer, settings):
    settings.STAFF_MFA = False
    browser = logged_in(officer)
    session = browser.session
    session["until"] = time.time() + 300
    session.set_expiry(timezone.now() + timedelta(seconds=100))
    session.save()
    browser.get(QUEUE)
    assert 200 < browser.session.get_expiry_age() <= 300
    AccountSession.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert browser.get(QUEUE).status_code == 302


def stale(browser: Client) -> Client:
    """The same session, six minutes after password and code were given."""
    session = browser.session
    session["second_step_at"] -= 360
    session.save()
    return browser


def test_new_codes_and_another_device_need_password_and_code_again(officer):
    browser, _codes = enrolled(officer)
    before = RecoveryCodes.objects.get(user=officer).digests
    stale(browser)
    for page in (CODES, SET_UP):
        for answer in (browser.get(page), browser.post(page, {"code": "000000"})):
            assert answer.status_code == 302 and answer["Location"].startswith(AGAIN), page
    assert RecoveryCodes.objects.get(user=officer).digests == before
    given = {"password": PASSWORD, "code": code_of(officer, 1), "next": CODES}
    for wrong in ({"password": "guess"}, {"code": "000000"}):
        assert browser.post(AGAIN, given | wrong).status_code == 422
    assert browser.get(CODES)["Location"].startswith(AGAIN)
    Authenticator.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert browser.post(AGAIN, given)["Location"] == CODES
    assert browser.get(CODES).status_code == 200 and browser.post(CODES).status_code == 200
    assert RecoveryCodes.objects.get(user=officer).digests != before


@pytest.mark.parametrize("asks", [True, False])
def test_an_approval_asks_for_a_fresh_one_where_the_zone_does(asks, travel):
    travel(factories.MORNING)
    zone = factories.ZoneFactory(settings={"approval_second_step": asks})
    officers_there = driving.staff(zone)
    registrar = officers_there[REGISTRATION]
    case = driving.taken(officers_there, REGISTRATION, zone=zone)
    browser, _codes = enrolled(registrar)
    answer = officers.send(stale(browser), REGISTRATION, case.number)
    if not asks:
        assert answer.status_code == 302
        return
    assert answer.status_code == 409 and "fresh second step" in answer.content.decode()
    given = {"password": PASSWORD, "code": code_of(registrar, 1)}
    assert browser.post(AGAIN, given).status_code == 302
    assert officers.send(browser, REGISTRATION, case.number).status_code == 302
