"""One person alone, or one person twice: through the pages, as staff do. Nothing is done without a second one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from kernel.accounts import powerful, proposal_kinds, proposing
from kernel.accounts.models import Role, User
from kernel.accounts.proposal_kinds import Agreed
from kernel.accounts.proposals import Proposal
from kernel.cases import actions, trail
from kernel.cases.models import Event
from kernel.core.errors import NotAllowed, Refused
from kernel.form import flow
from kernel.sla.models import Clock
from kernel.sla.sweeping import claim_due
from portal.notices.models import Notice
from portal.proposals import reading
from registration.actions import ask_to_reissue, ask_to_revoke
from tests import driving, factories, seconds
from tests.codes import REGISTRATION
from tests.factories import MORNING
from tests.officers import browser

pytestmark = pytest.mark.django_db
State = Proposal.State
BASIS = "Article 24"


@pytest.fixture(autouse=True)
def clock(travel):
    travel(MORNING)
    return lambda **later: travel(MORNING + timedelta(**later))


@pytest.fixture
def zone():
    return factories.ZoneFactory()


@pytest.fixture
def boss(zone) -> User:
    return factories.supervisor(zone, real_name="沈平")


@pytest.fixture
def second(zone, boss) -> User:
    return factories.supervisor(zone, real_name="岑远")


@pytest.fixture
def case(zone, second):
    return factories.filed(zone=zone)


def page(answer) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def asked(web, case) -> Proposal:
    """Ask for it by the page of the case."""
    address = reverse("supervision:decline", args=[case.number])
    assert web.post(address, {"legal_basis": BASIS}).status_code == 302
    return Proposal.objects.get(subject=f"case:{case.pk}", state=State.WAITING)


def press(user, verb: str, proposal: Proposal, **words):
    return browser(user).post(reverse(f"proposals:{verb}", args=[proposal.uid]), words)


def state_of(case) -> str:
    return type(case).objects.get(pk=case.pk).state


def told(case) -> list[str]:
    return list(case.events.order_by("seq").values_list("kind", flat=True))


def test_two_persons_decline_a_case_and_each_leaves_an_event(case, boss, second):
    proposal = asked(browser(boss), case)
    assert state_of(case) == flow.LICENSING and proposal.reason == BASIS
    notice = Notice.objects.get(recipient=second, kind="proposal_asked")
    opened = browser(second).get(reverse("messages:open", args=[notice.pk]))
    assert opened.url == reverse("proposals:show", args=[proposal.uid])
    shown = page(browser(second).get(opened.url))
    assert BASIS in shown and case.number in shown and "Agree and do it" in shown
    assert press(second, "agree", proposal).status_code == 302
    assert state_of(case) == flow.DECLINED
    case.refresh_from_db()
    assert told(case)[-3:] == ["proposed", "agreed", "declined"] and trail.faults(case) == []
    did, agreed, done = case.events.order_by("-seq")[:3][::-1]
    assert (did.actor, agreed.actor, done.actor) == (boss, second, boss)
    assert done.data["second"] == second.pk and done.data["proposal"] == str(proposal.uid)
    assert Notice.objects.filter(recipient=boss, kind="proposal_done").count() == 1
    assert "沈平" in page(browser(boss).get(reverse("supervision:case", args=[case.number])))


def test_it_stands_on_both_first_pages_until_it_is_decided(case, boss, second):
    live = reverse("supervision:live")
    assert "second person" not in page(browser(boss).get(live))
    proposal = asked(browser(boss), case)
    assert "1 that you asked for waits for a second person" in page(browser(boss).get(live))
    assert "1 proposal waits for you" in page(browser(second).get(live))
    press(second, "refuse", proposal, answer="There is another way.")
    for user in (boss, second):
        assert "second person" not in page(browser(user).get(live))
    assert state_of(case) == flow.LICENSING and told(case)[-1] == "turned_down"
    ended = page(browser(boss).get(reverse("proposals:show", args=[proposal.uid])))
    assert "There is another way." in ended


@pytest.mark.parametrize("account", ["the same", "another of theirs", "by e-mail", "by number"])
def test_the_first_is_not_the_second_under_any_account(account, case, boss, zone):
    boss.email, boss.id_number = "shen@example.org", "370303198801011236"
    boss.save()
    fields = {
        "the same": None,
        "another of theirs": {"real_name": boss.real_name},
        "by e-mail": {"email": "Shen@Example.org"},
        "by number": {"id_number": boss.id_number},
    }[account]
    again = boss if fields is None else factories.supervisor(zone, **fields)
    proposal = asked(browser(boss), case)
    for verb in ("agree", "refuse"):
        answer = press(again, verb, proposal, answer="no")
        assert answer.status_code == 422 and "Another person must decide" in page(answer)
    assert state_of(case) == flow.LICENSING


@pytest.mark.parametrize(
    "who", ["another zone", "administrator", "officer", "operator", "applicant", "shut"]
)
def test_who_is_no_supervisor_of_the_zone_is_no_second(who, case, boss, second, zone):
    roles = {
        "administrator": Role.ADMINISTRATOR,
        "operator": Role.OPERATOR,
        "applicant": Role.APPLICANT,
    }
    elsewhere = factories.ZoneFactory(code="elsewhere")
    user = {
        "another zone": lambda: factories.supervisor(elsewhere),
        "officer": lambda: factories.officer(REGISTRATION, zone),
        "shut": lambda: second,
    }.get(
        who,
        lambda: factories.UserFactory(role=roles[who], zone=None if who == "operator" else zone),
    )()
    proposal = asked(browser(boss), case)
    web = browser(user)
    if who == "shut":
        factories.supervisor(zone)
        User.objects.filter(pk=user.pk).update(is_active=False)
    answer = web.post(reverse("proposals:agree", args=[proposal.uid]))
    assert answer.status_code in (302, 403, 404, 422)
    proposal.refresh_from_db()
    assert proposal.is_waiting and state_of(case) == flow.LICENSING
    with pytest.raises(NotAllowed):
        proposing.agree(actor=User.objects.get(pk=user.pk), uid=proposal.uid)


def test_a_role_that_was_lost_meanwhile_counts_no_more(case, boss, second, zone):
    """Of the second it isn't looked at as the session knows it, and of the first when it is done."""
    proposal = asked(browser(boss), case)
    web = browser(second)
    factories.supervisor(zone), factories.supervisor(zone)
    User.objects.filter(pk=second.pk).update(roles=("tax_officer",))
    assert web.post(reverse("proposals:agree", args=[proposal.uid])).status_code in (302, 404, 422)
    assert state_of(case) == flow.LICENSING
    User.objects.filter(pk=second.pk).update(roles=(Role.SUPERVISOR,))
    User.objects.filter(pk=boss.pk).update(roles=("tax_officer",))
    press(second, "agree", proposal)
    proposal.refresh_from_db()
    assert proposal.state == State.IMPOSSIBLE and state_of(case) == flow.LICENSING
    assert told(case)[-1] == "not_possible" and "agreed" not in told(case)


def test_a_case_that_moved_on_is_left_alone_and_it_says_so(case, boss, second, zone):
    proposal = asked(browser(boss), case)
    driving.work(REGISTRATION, factories.officer(REGISTRATION, zone), case)
    web = browser(second)
    answer = web.post(reverse("proposals:agree", args=[proposal.uid]), follow=True)
    assert "can't be done any more" in page(answer)
    case.refresh_from_db()
    assert case.state == flow.SEALING and trail.faults(case) == []
    assert Notice.objects.filter(recipient=boss, kind="proposal_impossible").exists()


def test_a_decision_is_not_made_twice_nor_replayed(case, boss, second):
    proposal = asked(browser(boss), case)
    press(second, "refuse", proposal, answer="no")
    for verb, user in (("agree", second), ("refuse", second), ("withdraw", boss)):
        answer = press(user, verb, proposal, answer="again")
        assert answer.status_code in (302, 422)
    proposal.refresh_from_db()
    assert proposal.state == State.REFUSED and state_of(case) == flow.LICENSING
    again = asked(browser(boss), case)
    assert again.pk != proposal.pk, "what was refused may be asked again, and waits anew"


def test_asking_twice_while_it_waits_is_refused_in_a_sentence(case, boss, second):
    web = browser(boss)
    asked(web, case)
    address = reverse("supervision:decline", args=[case.number])
    answer = web.post(address, {"legal_basis": "other words"})
    assert answer.status_code == 422 and "asked for already" in page(answer)
    other = browser(second).post(address, {"legal_basis": "me too"})
    assert other.status_code == 422 and Proposal.objects.count() == 1


def test_only_who_asked_takes_it_back(case, boss, second):
    proposal = asked(browser(boss), case)
    press(second, "withdraw", proposal)
    proposal.refresh_from_db()
    assert proposal.is_waiting
    press(boss, "withdraw", proposal)
    assert press(second, "agree", proposal).status_code == 422
    assert state_of(case) == flow.LICENSING and told(case)[-1] == "taken_back"


def test_a_zone_with_one_supervisor_has_the_operator_and_with_none_of_both_nobody_asks(zone):
    boss = factories.supervisor(zone)
    case = factories.filed(zone=zone)
    address = reverse("supervision:decline", args=[case.number])
    alone = browser(boss).post(address, {"legal_basis": BASIS})
    assert alone.status_code == 422 and "Nobody can be the second" in page(alone)
    operator = factories.UserFactory(role=Role.OPERATOR, zone=None)
    proposal = asked(browser(boss), case)
    press(operator, "agree", proposal)
    assert state_of(case) == flow.DECLINED


def test_late_is_seen_and_the_operator_may_decide(case, boss, second, zone, clock):
    operator = factories.UserFactory(role=Role.OPERATOR, zone=None)
    administrator = factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone)
    proposal = asked(browser(boss), case)
    assert press(operator, "agree", proposal).status_code == 422
    clock(minutes=97)
    claim_due(MORNING + timedelta(minutes=97))
    assert Notice.objects.filter(recipient=second, kind="proposal_reminder").exists()
    clock(hours=5)
    while claim_due(MORNING + timedelta(hours=5)):
        pass
    late = Notice.objects.filter(kind="proposal_late").values_list("recipient", flat=True)
    assert set(late) == {boss.pk, second.pk, operator.pk, administrator.pk}
    shown = page(browser(second).get(reverse("proposals:show", args=[proposal.uid])))
    assert "Over the limit" in shown
    assert press(operator, "agree", proposal).status_code == 302
    assert state_of(case) == flow.DECLINED
    assert Clock.objects.get(owner=proposal.uid).state == Clock.State.STOPPED


def test_a_session_left_open_neither_asks_nor_decides(case, boss, second, settings, monkeypatch):
    """Where staff have a second step, a fresh one stands before both; what was typed is kept."""
    from kernel.accounts import second_step

    proposal = asked(browser(boss), factories.filed(zone=case.zone))
    monkeypatch.setattr(second_step, "is_fresh", lambda request: False)
    address = reverse("supervision:decline", args=[case.number])
    answer = browser(boss).post(address, {"legal_basis": BASIS})
    assert answer.status_code == 422 and "fresh second step" in page(answer)
    assert BASIS in page(answer) and Proposal.objects.count() == 1
    for verb in ("agree", "refuse"):
        answer = press(second, verb, proposal, answer="kept words")
        assert answer.status_code == 422 and "fresh second step" in page(answer)
    assert "kept words" in page(answer)


def test_an_agreement_can_not_be_made_by_hand_or_used_for_something_else(zone, boss, second):
    staff = driving.staff(zone)
    licensed = driving.work(REGISTRATION, staff[REGISTRATION], factories.filed(zone=zone))
    proposal = ask_to_reissue(actor=staff[REGISTRATION], application_id=licensed.pk, ground="lost")
    by_hand = Agreed(proposal, boss, second)
    for deed in (kind.do for kind in proposal_kinds.kinds().values()):
        with pytest.raises(NotAllowed):
            deed(by_hand)
    assert not licensed.events.filter(kind__in=[Event.Kind.REISSUED, Event.Kind.REVOKED]).exists()


def test_a_licence_that_another_replaced_is_not_replaced_again(zone, boss, second):
    staff = driving.staff(zone)
    licensed = driving.work(REGISTRATION, staff[REGISTRATION], factories.filed(zone=zone))
    anew = ask_to_reissue(actor=staff[REGISTRATION], application_id=licensed.pk, ground="lost")
    gone = ask_to_revoke(actor=boss, application_id=licensed.pk, ground="deceit")
    assert seconds.agreed(anew).state == State.DONE
    ended = proposing.agree(actor=second, uid=gone.uid)
    assert ended.state == State.IMPOSSIBLE and state_of(licensed) != flow.REVOKED


@pytest.mark.parametrize(
    "change", ["kind = 'revoke'", "state = 'waiting'", "decided_by_id = asked_by_id"]
)
def test_the_database_keeps_what_was_asked_and_decided(change, case, boss, second):
    proposal = asked(browser(boss), case)
    press(second, "refuse", proposal, answer="no")
    for statement in (
        f"UPDATE accounts_proposal SET {change} WHERE id = {proposal.pk}",
        f"DELETE FROM accounts_proposal WHERE id = {proposal.pk}",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.engines
@pytest.mark.django_db(transaction=True)
def test_of_two_seconds_at_once_one_decides(zone, boss, second):
    third, case = factories.supervisor(zone), factories.filed(zone=zone)
    proposal = actions.ask_to_decline(actor=boss, application_id=case.pk, legal_basis=BASIS)

    def decide(who):
        try:
            return proposing.agree(actor=who, uid=proposal.uid).state
        except Refused as refused:
            return str(refused)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        ended = sorted(map(str, pool.map(decide, [second, third])))
    assert ended.count("done") == 1 and told(case).count("declined") == 1


def test_two_supervisors_of_one_name_are_one_person_and_the_operator_is_the_second(zone):
    """Who reads it is told why their colleague doesn't stand among those who decide."""
    boss, _namesake = (factories.supervisor(zone, real_name=name) for name in ("沈平", "沈 平"))
    case = factories.filed(zone=zone)
    operator = factories.UserFactory(role=Role.OPERATOR, zone=None, real_name="")
    proposal = asked(browser(boss), case)
    assert proposing.seconds(proposal) == [operator]
    shown = page(browser(boss).get(reverse("proposals:show", args=[proposal.uid])))
    assert "Accounts with one name, e-mail or ID number count as one person's." in shown
    press(operator, "agree", proposal)
    assert state_of(case) == flow.DECLINED


def test_operators_whom_nobody_gave_a_name_are_still_two(zone):
    """`create_operator` asks for no name: an empty one is nobody's."""
    first, other = (
        factories.UserFactory(role=Role.OPERATOR, zone=None, real_name="", email="")
        for _place in range(2)
    )
    person = factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone)
    proposal = powerful.ask_to_reset(actor=first, person=person, reason="Phone lost.")
    assert proposing.seconds(proposal) == [other]


def test_who_is_told_or_sees_that_it_waits_is_led_to_no_closed_door(zone, boss, second, clock):
    """The administrator reads what is late and decides nothing; a registrar, whose licence page says that something
    waits, gets no link to what they may not read."""
    staff = driving.staff(zone)
    licensed = driving.work(REGISTRATION, staff[REGISTRATION], factories.filed(zone=zone))
    administrator = factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone)
    proposal = ask_to_revoke(actor=boss, application_id=licensed.pk, ground="deceit")
    address = reverse("proposals:show", args=[proposal.uid])
    for user, page_of in (
        (administrator, reverse("supervision:case", args=[licensed.number])),
        (staff[REGISTRATION], reverse("licence", args=[licensed.number])),
    ):
        web = browser(user)
        shown = page(web.get(page_of))
        assert "It waits for a second person" in shown
        assert (
            (address in shown)
            == (web.get(address).status_code == 200)
            == (user != staff[REGISTRATION])
        )
    clock(hours=5)
    while claim_due(MORNING + timedelta(hours=5)):
        pass
    web = browser(administrator)
    late = Notice.objects.get(recipient=administrator, kind="proposal_late")
    opened = web.get(web.get(reverse("messages:open", args=[late.pk])).url)
    assert opened.status_code == 200 and "Agree and do it" not in page(opened)
    assert press(administrator, "agree", proposal).status_code == 422
    elsewhere = factories.ZoneFactory(code="elsewhere")
    stranger = factories.UserFactory(role=Role.ADMINISTRATOR, zone=elsewhere)
    assert browser(stranger).get(address).status_code == 404


def test_a_list_of_many_asks_the_database_no_more_often(
    zone, boss, second, django_assert_max_num_queries
):
    user = User.objects.get(pk=second.pk)
    for _place in range(12):
        actions.ask_to_decline(
            actor=boss, application_id=factories.filed(zone=zone).pk, legal_basis=BASIS
        )
    with django_assert_max_num_queries(2):
        assert reading.counts(user) == {"to_decide": 12, "asked": 0}
