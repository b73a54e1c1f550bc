"""An administrator who wants to be somebody else: an officer, a supervisor, a citizen. Every door, as a browser sends
it."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from kernel.accounts import proposing
from kernel.accounts.account_events import AccountEvent
from kernel.accounts.devices import EnrolmentLink
from kernel.accounts.models import Role, User
from kernel.accounts.proposals import Proposal
from kernel.core.errors import NotAllowed
from portal.notices.models import Notice
from tests import factories, seconds
from tests.officers import browser

pytestmark = pytest.mark.django_db
PASSWORD = "violet-lamp-47-rain"
PEOPLE = reverse("admin:accounts_user_changelist")
CHOSEN = {"new_password1": PASSWORD, "new_password2": PASSWORD}


@pytest.fixture
def administrator(zone) -> User:
    return factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone, real_name="顾清")


@pytest.fixture
def web(administrator):
    return browser(administrator)


@pytest.fixture
def boss(zone) -> User:
    factories.supervisor(zone, real_name="沈平")
    return factories.supervisor(zone, real_name="岑远")


def body(person: User, **changes) -> dict:
    held = {"username": person.username, "real_name": person.real_name, "email": person.email}
    held |= {"roles": list(person.roles), "unit": "", "window": "", "is_active": "on"}
    return {name: value for name, value in (held | changes).items() if value is not None}


def saved(web, person: User, **changes):
    return web.post(
        reverse("admin:accounts_user_change", args=[person.pk]), body(person, **changes)
    )


def again(person: User) -> User:
    return User.objects.get(pk=person.pk)


def link_in(answer) -> str:
    return re.search(r"http://testserver(/account/\S+/enrol/[^/\s]+/)", answer.content.decode())[1]


@pytest.mark.parametrize("whose", ["applicant", "officer", "supervisor", "administrator", "own"])
def test_nobody_types_somebodys_password(whose, web, administrator, zone):
    person = {
        "applicant": lambda: factories.filed(zone=zone).applicant,
        "officer": lambda: factories.officer("tax", zone),
        "supervisor": lambda: factories.supervisor(zone),
        "administrator": lambda: factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone),
        "own": lambda: administrator,
    }[whose]()
    page = reverse("admin:auth_user_password_change", args=[person.pk])
    typed = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert web.get(page).status_code == web.post(page, typed).status_code == 403
    saved(web, person, password=PASSWORD, password1=PASSWORD, password2=PASSWORD)
    assert again(person).check_password("secret-for-tests")
    shown = web.get(reverse("admin:accounts_user_change", args=[person.pk])).content.decode()
    assert 'type="password"' not in shown and "pbkdf2" not in shown


@pytest.mark.parametrize("roles", [["supervisor"], ["tax_officer"], ["chief_representative"]])
def test_nobody_gives_themselves_a_role(roles, web, administrator, boss):
    answer = saved(web, administrator, roles=roles, reason="Needed.")
    assert answer.status_code == 200 and "Nobody changes their own roles" in unescape(
        answer.content.decode()
    )
    assert again(administrator).roles == ("administrator",) and not Proposal.objects.exists()


def test_nobody_makes_their_own_second_person(web, administrator, zone):
    """A new supervisor counts once a real one has agreed; until then nobody logs in with the account."""
    real = factories.supervisor(zone)
    entered = {"username": "mine", "real_name": "Another", "roles": ["supervisor"], "unit": ""}
    entered |= {"window": "", "email": "", "reason": "We need one."}
    assert web.post(reverse("admin:accounts_user_add"), entered).status_code == 302
    mine, proposal = User.objects.get(username="mine"), Proposal.objects.get()
    assert not mine.is_active and not mine.has_usable_password()
    assert mine not in proposing.seconds(proposal) and list(proposing.seconds(proposal)) == [real]
    page = web.post(PEOPLE, {"action": "give_link", "_selected_action": [mine.pk]}, follow=True)
    assert Client().post(link_in(page), CHOSEN).status_code == 302
    assert not again(mine).has_usable_password(), "a shut account is set up by nobody"
    for who in (administrator, mine):
        with pytest.raises(NotAllowed):
            proposing.agree(actor=who, uid=proposal.uid)
    saved(web, mine, is_active="on", reason="Just open it.")
    assert not again(mine).is_active, "opening it is making it"
    proposing.refuse(actor=real, uid=proposal.uid, answer="no")
    assert not again(mine).is_active


def test_a_supervisor_that_was_shut_is_opened_by_two(web, boss, zone):
    saved(web, boss, is_active=None)
    assert not again(boss).is_active
    factories.supervisor(zone)
    assert saved(web, again(boss), is_active="on", reason="").status_code == 200
    assert saved(web, again(boss), is_active="on", reason="Back from leave.").status_code == 302
    assert not again(boss).is_active
    seconds.agree_to_all()
    assert again(boss).is_active


def test_an_officer_becomes_a_supervisor_by_two_and_only_as_asked(web, boss, zone):
    officer = factories.officer("tax", zone)
    saved(web, officer, roles=["supervisor"], reason="Promoted.", email="new@example.org")
    assert again(officer).roles == ("tax_officer",) and again(officer).email == "new@example.org"
    twice = saved(web, again(officer), roles=["administrator"], reason="Or this.")
    assert twice.status_code == 302 and Proposal.objects.count() == 1
    saved(web, again(officer), roles=["bank_officer"])
    (proposal,) = Proposal.objects.all()
    ended = proposing.agree(actor=boss, uid=proposal.uid)
    assert ended.state == Proposal.State.IMPOSSIBLE and again(officer).roles == ("bank_officer",)


def test_whom_it_concerns_is_not_the_second(web, boss, zone):
    """The second step of a supervisor is set anew by another one."""
    chosen = {"action": "ask_to_reset", "_selected_action": [boss.pk], "reason": "Phone lost."}
    assert web.post(PEOPLE, chosen).status_code == 302
    proposal = Proposal.objects.get()
    with pytest.raises(NotAllowed):
        proposing.agree(actor=boss, uid=proposal.uid)
    assert boss not in proposing.seconds(proposal)
    assert again(boss).has_usable_password()


def test_nobody_asks_to_reset_themselves_a_citizen_or_a_stranger(web, administrator, boss, zone):
    citizen = factories.filed(zone=zone).applicant
    stranger = factories.supervisor(factories.ZoneFactory(code="elsewhere"))
    people = [administrator.pk, citizen.pk, stranger.pk]
    for action in ("ask_to_reset", "give_link"):
        web.post(PEOPLE, {"action": action, "_selected_action": people, "reason": "x"})
    assert not Proposal.objects.exists() and not EnrolmentLink.objects.exists()
    assert all(again(person).check_password("secret-for-tests") for person in (citizen, stranger))


def test_a_link_that_one_gave_oneself_leaves_its_giver_and_tells_the_holder(
    web, administrator, boss, zone
):
    """Who can use it by going out of the own account is known: it stands on the holder's page and in their messages."""
    officer = factories.officer("tax", zone, email="officer@example.org")
    at_work = browser(officer)
    web.post(
        PEOPLE, {"action": "ask_to_reset", "_selected_action": [officer.pk], "reason": "Lost."}
    )
    seconds.agree_to_all()
    assert at_work.get(reverse("profile")).status_code == 302
    page = web.post(PEOPLE, {"action": "give_link", "_selected_action": [officer.pk]}, follow=True)
    link = link_in(page)
    mine = web.get(link)
    assert mine.status_code == 403 and "not yours" in mine.content.decode()
    assert web.post(link, CHOSEN).status_code == 403
    stranger = Client()
    assert stranger.post(link, CHOSEN).status_code == 302
    assert Client().post(link, CHOSEN).status_code == 302, "once"
    events = AccountEvent.objects.filter(account=officer, by=administrator)
    assert {"step_reset", "link", "by_link"} <= set(events.values_list("kind", flat=True))
    told = set(Notice.objects.filter(recipient=officer).values_list("kind", flat=True))
    assert {"account_step", "account_link", "account_by_link"} <= told


def test_a_link_is_refused_when_it_is_old_renewed_or_the_password_known(web, zone, travel):
    officer = factories.officer("tax", zone)
    page = web.post(PEOPLE, {"action": "give_link", "_selected_action": [officer.pk]}, follow=True)
    assert "/enrol/" not in page.content.decode(), "who has a password keeps it"
    User.objects.filter(pk=officer.pk).update(password="!")
    give = {"action": "give_link", "_selected_action": [officer.pk]}
    first, second = (link_in(web.post(PEOPLE, give, follow=True)) for _link in range(2))
    assert "/login/" in Client().post(first, CHOSEN)["Location"]
    weak = Client().post(
        second, {"new_password1": officer.username, "new_password2": officer.username}
    )
    assert weak.status_code == 422
    assert not again(officer).has_usable_password()


def zone_saved(web, zone, **typed):
    """Save the zone's page as it stands, but for what is typed."""
    page = reverse("admin:accounts_zone_change", args=[zone.pk])
    form = web.get(page).context["adminform"].form
    body = {"windows-TOTAL_FORMS": 0, "windows-INITIAL_FORMS": 0}
    for bound in form:
        value = bound.value()
        if value not in (None, False, "", [], {}):
            body[bound.html_name] = value
    return web.post(page, {**body, **typed})


@pytest.mark.parametrize(
    ("setting", "value", "before"),
    [("straight_through", "True", False), ("after_audit_percent", "0", 10)],
)
def test_nobody_alone_takes_a_persons_look_away(setting, value, before, web, boss, zone):
    typed = {f"setting-{setting}": value}
    refused = zone_saved(web, zone, **typed)
    assert refused.status_code == 200 and "Write the reason" in unescape(refused.content.decode())
    asked = zone_saved(web, zone, **typed, reason="Fewer people in July.", phone="0533-1")
    assert asked.status_code == 302
    zone.refresh_from_db()
    assert zone.setting(setting) == before and zone.phone == "0533-1", "the rest is saved"
    (proposal,) = Proposal.objects.all()
    shown = unescape(
        browser(boss).get(reverse("proposals:show", args=[proposal.uid])).content.decode()
    )
    assert "→" in shown and "Fewer people in July." in shown
    seconds.agreed(proposal)
    zone.refresh_from_db()
    assert zone.setting(setting) != before
    tightened = zone_saved(
        web, zone, **{f"setting-{setting}": "False" if value == "True" else "50"}
    )
    assert tightened.status_code == 302 and Proposal.objects.count() == 1
    zone.refresh_from_db()
    assert zone.setting(setting) in (False, 50), "one person alone watches more closely"


def test_a_setting_that_somebody_changed_meanwhile_stays(web, boss, zone):
    zone_saved(web, zone, **{"setting-after_audit_percent": "5"}, reason="Too much.")
    zone.refresh_from_db()
    zone.settings = zone.settings | {"after_audit_percent": 80}
    zone.save()
    (proposal,) = Proposal.objects.all()
    ended = proposing.agree(actor=proposing.seconds(proposal)[0], uid=proposal.uid)
    assert ended.state == Proposal.State.IMPOSSIBLE
    zone.refresh_from_db()
    assert zone.setting("after_audit_percent") == 80
