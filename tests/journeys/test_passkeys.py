"""A passkey from the administrator's link to an approval's fresh second step, with Chromium's own virtual device."""

import pytest
from django.urls import reverse
from django_otp_webauthn.models import WebAuthnCredential

from kernel.accounts import second_step
from kernel.accounts.models import User
from tests import factories
from tests.codes import TAX

PASSWORD = "secret-for-tests"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def officer(zone, live_server, settings):
    settings.STAFF_MFA = True
    settings.OTP_WEBAUTHN_RP_ID = "localhost"
    settings.OTP_WEBAUTHN_ALLOWED_ORIGINS = [live_server.url]
    return factories.officer(TAX, zone)


def log_in(page, user: User, address: str) -> None:
    page.goto(address)
    page.fill("[name=username]", user.username)
    page.fill("[name=password]", PASSWORD)
    page.click("main form [type=submit]")


@pytest.fixture
def page(visitors):
    """A browser with a device that makes passkeys, and can be told that it is not its holder who asks."""
    visitor = visitors("en")
    visitor.forgiven = {403}  # a wrong password beside the passkey
    page = visitor.page
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    device = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.verified = lambda yes: session.send(
        "WebAuthn.setUserVerified",
        {"authenticatorId": device["authenticatorId"], "isUserVerified": yes},
    )
    return page


def test_a_passkey_is_made_by_link_used_and_asked_for_once_more(page, officer, live_server):
    log_in(page, officer, live_server.url + second_step.enrolment_link(officer))
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url("**" + reverse("recovery-codes"))
    passkey = WebAuthnCredential.objects.get(user=officer)
    page.get_by_role("button", name="Make new ones").click()
    assert page.locator("main").inner_text().count("-") >= 10

    page.context.clear_cookies(name="sessionid")
    log_in(page, officer, live_server.url + reverse("work"))
    page.verified(False)
    page.get_by_role("button", name="Use your passkey").click()
    page.get_by_text("the device said no").wait_for()
    page.verified(True)
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url("**" + reverse("tax:queue"))

    page.goto(live_server.url + reverse("second-step-again") + f"?next={reverse('profile')}")
    page.get_by_role("button", name="Use your passkey").click()
    page.get_by_text("Enter your password above first").wait_for()
    page.fill("[name=password]", "guess")
    page.get_by_role("button", name="Use your passkey").click()
    page.get_by_text("This is not your password").wait_for()
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url("**" + reverse("profile"))

    page.get_by_role("button", name="Remove").click()
    page.get_by_text("This is your last device").wait_for()
    assert WebAuthnCredential.objects.get() == passkey
