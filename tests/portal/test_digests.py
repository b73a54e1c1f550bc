"""What staff hear at once, and what waits for their digest: what is in their hands, the rest, and what is settled."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.urls import reverse

from kernel.accounts.models import Role
from kernel.cases import actions
from kernel.core.outbox import delivery
from kernel.sla import sweeping
from portal.notices import digest, sending_out, settling
from portal.notices.models import DigestItem, Notice
from portal.notices.people import People
from portal.notices.texts import text
from tests import driving, factories, officers
from tests.codes import BANKING, REGISTRATION
from tests.factories import MORNING

LATE = MORNING + timedelta(minutes=46)
NOON = MORNING.replace(hour=11, minute=30)
pytestmark = pytest.mark.django_db


@pytest.fixture
def zone(travel):
    travel(MORNING)
    return factories.ZoneFactory()


@pytest.fixture
def staff(zone):
    return driving.staff(zone)


@pytest.fixture
def supervisor(zone):
    return factories.with_mail(factories.supervisor(zone))


def late(zone, travel, count: int = 1, holder=None) -> list:
    cases = [factories.filed(zone=zone) for _case in range(count)]
    if holder:
        for case in cases:
            actions.take(actor=holder, stage_id=factories.stage(case, REGISTRATION).pk)
    travel(LATE)
    while sweeping.claim_due(LATE):
        pass
    return cases


def digests(user) -> list[Notice]:
    return list(Notice.objects.filter(recipient=user, kind="digest").order_by("pk"))


def test_the_holder_hears_at_once_and_the_supervisor_at_the_next_digest_of_each_case_once(
    zone, staff, supervisor, travel
):
    cases = late(zone, travel, 2, staff[REGISTRATION])
    assert digest.send() == 0 and digests(supervisor) == []
    travel(NOON)
    assert digest.send() == 1
    (row,) = digests(supervisor)
    assert [case["number"] for case in row.params["cases"]] == sorted(c.number for c in cases)
    assert all(case["late"] for case in row.params["cases"])
    assert digests(staff[REGISTRATION]) == [] and digest.send() == 0
    assert not DigestItem.objects.exists()
    assert sending_out.send_out() and delivery.deliver() and len(mail.outbox) == 1


def test_what_nobody_holds_is_in_the_digest_of_the_chief_representatives(zone, staff, travel):
    late(zone, travel)
    assert not Notice.objects.filter(recipient=staff[REGISTRATION]).exists()
    travel(NOON)
    digest.send()
    assert len(digests(staff[REGISTRATION])) == 1


def test_nothing_is_said_of_settled_alarms(zone, staff, supervisor, travel):
    (settled, open_case) = late(zone, travel, 2, staff[REGISTRATION])
    driving.work(REGISTRATION, staff[REGISTRATION], settled)
    driving.work("seals", staff["seals"], settled)
    travel(NOON)
    digest.send()
    (row,) = digests(supervisor)
    assert [case["number"] for case in row.params["cases"]] == [open_case.number]
    driving.work(REGISTRATION, staff[REGISTRATION], open_case)
    driving.work("seals", staff["seals"], open_case)
    travel(MORNING.replace(hour=16, minute=31))
    assert digest.send() == 0 and not DigestItem.objects.exists()


def test_an_alarm_in_hand_is_unread_no_more_once_it_is_settled(zone, staff, travel):
    (case,) = late(zone, travel, 1, staff[REGISTRATION])
    holder = staff[REGISTRATION]
    unread = Notice.objects.filter(recipient=holder, read_at=None, settled_at=None)
    assert unread.count() == 3
    assert settling.settle() == 2, "of one case the worst is left"
    assert unread.get().kind == "breached" and settling.settle() == 0
    driving.work(REGISTRATION, holder, case)
    assert settling.settle() == 1 and not unread.exists(), "the case is at the next desk"
    page = officers.browser(holder).get(reverse("messages:inbox")).content.decode()
    assert "Nothing is left for you to do about it." in page and "is-new" not in page


def test_a_warning_that_comes_later_does_not_hide_that_the_case_is_late(zone, staff, travel):
    (case,) = late(zone, travel, 1, staff[REGISTRATION])
    breached = Notice.objects.filter(recipient=staff[REGISTRATION], kind="breached").last()
    Notice.objects.create(
        recipient=staff[REGISTRATION],
        application=case,
        kind="warned",
        params={"clock": "total"},
        created_at=LATE,
        idempotency_key="later",
    )
    settling.settle()
    unread = Notice.objects.filter(recipient=staff[REGISTRATION], read_at=None, settled_at=None)
    assert list(unread) == [breached]


def test_a_digest_that_nobody_read_is_cleared_when_its_cases_move(zone, staff, supervisor, travel):
    (case,) = late(zone, travel)
    travel(NOON)
    assert digest.send() == 2, "the supervisor, and the desk at which nobody has the case in hand"
    assert digest.settle() == 0
    stage = driving.take(REGISTRATION, staff[REGISTRATION], case)
    colleague = factories.officer(REGISTRATION, zone)
    Notice.objects.filter(recipient=staff[REGISTRATION]).update(recipient=colleague)
    assert digest.settle() == 1, "in a colleague's hands it is nobody else's of the desk"
    driving.close(REGISTRATION, staff[REGISTRATION], case, stage)
    assert digest.settle() == 0, "the clock over licence and seals runs on"
    driving.work("seals", staff["seals"], case)
    assert digest.settle() == 1
    (row,) = digests(supervisor)
    assert row.settled_at


def test_what_is_late_at_a_branch_its_own_officers_read(zone, travel):
    people = driving.staff(zone)
    case = driving.at_desk(people, BANKING, zone=zone)
    other = factories.officer(BANKING, zone, unit="elsewhere")
    stage = factories.stage(case, BANKING)
    assert stage.unit
    told = People([(case, [])]).takers(case, "bank")
    assert people[BANKING].pk in told and other.pk not in told


def test_who_asked_is_told_and_a_colleague_who_answers_settles_it_for_all(zone, staff, travel):
    case = driving.taken(staff, REGISTRATION, zone=zone)
    two = [factories.supervisor(zone) for _place in range(2)]
    stage = factories.stage(case, REGISTRATION)
    actions.escalate(actor=staff[REGISTRATION], stage_id=stage.pk, question="?")
    unread = Notice.objects.filter(recipient__in=two, read_at=None, settled_at=None)
    assert settling.settle() == 0 and unread.count() == 2
    asked = stage.escalations.get()
    actions.answer_escalation(actor=two[0], escalation_id=asked.pk, answer="Yes.")
    assert settling.settle() == 2 and not unread.exists()
    answered = Notice.objects.get(recipient=staff[REGISTRATION], kind="answered")
    driving.close(REGISTRATION, staff[REGISTRATION], case, stage)
    settling.settle()
    answered.refresh_from_db()
    assert answered.settled_at


def test_a_message_is_its_holders_and_its_breach_the_supervisors_in_the_digest(
    zone, staff, supervisor, travel
):
    case = driving.taken(staff, REGISTRATION, zone=zone)
    asked = {"department": REGISTRATION, "body": "?", "key": uuid4()}
    actions.write_to_desk(actor=case.applicant, application_id=case.pk, **asked)
    travel(MORNING + timedelta(minutes=20))
    while sweeping.claim_due(MORNING + timedelta(minutes=20)):
        pass
    settling.settle()
    unread = Notice.objects.filter(read_at=None, settled_at=None).exclude(recipient=case.applicant)
    late_one = unread.get(kind="message_overdue")
    assert late_one.recipient == staff[REGISTRATION]
    assert DigestItem.objects.get(recipient=supervisor).clock.startswith("message:")
    stage = factories.stage(case, REGISTRATION)
    actions.settle_question(actor=staff[REGISTRATION], stage_id=stage.pk)
    settling.settle()
    assert not unread.filter(kind__in=settling.MATTERS["message"]).exists()
    travel(NOON)
    digest.send()
    assert not digests(supervisor)


def test_two_workers_tell_one_digest(zone, staff, supervisor, travel):
    late(zone, travel, 1, staff[REGISTRATION])
    items = list(DigestItem.objects.filter(recipient=supervisor))
    travel(NOON)
    digest.send()
    for item in items:
        item.pk = None
        item.save(force_insert=True)  # as if the second had read them before
    digest.send()
    assert len(digests(supervisor)) == 1


def test_what_is_seen_after_the_digest_has_gone_makes_another(zone, staff, supervisor, travel):
    """An alarm carries the moment at which it was seen; it may be committed after the digest of that moment."""
    (first, second) = late(zone, travel, 2, staff[REGISTRATION])
    DigestItem.objects.filter(application=second).update(created_at=NOON + timedelta(minutes=1))
    travel(NOON)
    digest.send()
    DigestItem.objects.update(created_at=LATE)
    travel(NOON + timedelta(minutes=1))
    assert digest.send() == 1
    told = [[case["number"] for case in row.params["cases"]] for row in digests(supervisor)]
    assert told == [[first.number], [second.number]]


def test_more_than_one_takes_is_told_by_another(zone, staff, supervisor, travel, monkeypatch):
    cases = late(zone, travel, 2, staff[REGISTRATION])
    monkeypatch.setattr(digest, "BATCH", 1)
    travel(NOON)
    while digest.send():
        pass
    told = {case["number"] for row in digests(supervisor) for case in row.params["cases"]}
    assert told == {case.number for case in cases}


@pytest.mark.parametrize("why", ["shut", "other zone", "other work"])
def test_who_may_not_open_the_cases_any_more_is_told_of_none(zone, staff, supervisor, travel, why):
    late(zone, travel, 1, staff[REGISTRATION])
    if why == "shut":
        supervisor.is_active = False
    elif why == "other zone":
        supervisor.zone = factories.ZoneFactory(code="other")
    else:
        supervisor.roles = [Role.AUDITOR]
    supervisor.save()
    travel(NOON)
    assert digest.send() == 0 and digests(supervisor) == []
    assert not DigestItem.objects.filter(recipient=supervisor).exists()


def test_one_that_was_written_before_an_account_was_shut_goes_by_no_e_mail(
    zone, staff, supervisor, travel
):
    late(zone, travel, 1, staff[REGISTRATION])
    travel(NOON)
    digest.send()
    supervisor.is_active = False
    supervisor.save()
    sending_out.send_out()
    delivery.deliver()
    assert mail.outbox == []


def test_its_page_leads_to_each_case_and_says_what_was_settled_since(
    zone, staff, supervisor, travel
):
    (case,) = late(zone, travel, 1, staff[REGISTRATION])
    travel(NOON)
    digest.send()
    (row,) = digests(supervisor)
    client = officers.browser(supervisor)
    address = client.get(reverse("messages:open", args=[row.pk])).url
    page = client.get(address).content.decode()
    assert reverse("supervision:case", args=[case.number]) in page
    assert "nothing left for you to do" not in page
    driving.work(REGISTRATION, staff[REGISTRATION], case)
    driving.work("seals", staff["seals"], case)
    assert "nothing left for you to do" in client.get(address).content.decode()
    other = officers.browser(factories.supervisor(factories.ZoneFactory(code="other")))
    assert other.get(address).status_code == 404


def test_when_it_goes_is_the_zones(zone, travel):
    assert digest.moment_before(zone, NOON - timedelta(minutes=1)).day == MORNING.day - 1
    assert digest.moment_before(zone, NOON) == NOON
    zone.settings |= {"digest_times": ["08:00"]}
    zone.save()
    assert digest.moment_before(zone, NOON) == MORNING.replace(hour=8, minute=0)
    for wrong in ([], ["8:00"], "08:00", ["24:00"], ["08:00", "08:00"]):
        zone.settings |= {"digest_times": wrong}
        with pytest.raises(ValueError, match="digest_times"):
            zone.save()


@pytest.mark.parametrize(("late_count", "near"), [(0, 1), (2, 0), (3, 12)])
def test_it_reads_as_a_sentence_in_both_languages(late_count, near):
    from django.utils import translation

    numbers = [(f"KB-{place}", place < late_count) for place in range(late_count + near)]
    cases = [{"case": 1, "number": n, "late": is_late, "clocks": []} for n, is_late in numbers]
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said = text(Notice(kind="digest", params={"cases": cases}))
        assert "KB-0" in said.body and "%" not in said.title + said.body
