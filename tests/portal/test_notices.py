"""Messages: who is told what, once, in the transaction of the move; and the e-mail that follows."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel.accounts.models import Role, roles
from kernel.cases import actions
from kernel.cases.models import Event, Share
from kernel.core import external_systems
from kernel.core.outbox import delivery
from kernel.core.outbox.models import Message
from kernel.form import flow
from kernel.sla import sweeping
from kernel.zone_words import in_force
from portal.notices import sending_out, writing
from portal.notices.models import DigestItem, MailAddress, Notice
from portal.notices.texts import TEXTS, text
from tests import driving, factories
from tests.codes import REGISTRATION, TAX
from tests.factories import MORNING
from tests.portal import broken_mail

pytestmark = pytest.mark.django_db


def kinds(user) -> list[str]:
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("kind", flat=True))


def test_a_case_without_trouble_tells_its_applicant_four_times(travel):
    travel(MORNING)
    case = driving.completed()
    assert kinds(case.applicant) == ["submitted", "licensed", "sealed", "completed"]
    assert set(Notice.objects.values_list("recipient", flat=True)) == {case.applicant_id}


def test_a_notice_costs_one_statement_and_reads_nothing(travel):
    travel(MORNING)
    case = factories.filed()
    event = case.events.get(kind=Event.Kind.SUBMITTED)
    Notice.objects.all().delete()
    with CaptureQueriesContext(connection) as queries:
        writing.write(type(case), case, [event])
    assert len(queries) == 1


def test_the_same_move_tells_nobody_twice(travel):
    travel(MORNING)
    case = factories.filed()
    events = list(case.events.all())
    writing.write(type(case), case, events)
    assert kinds(case.applicant) == ["submitted"]


def test_a_move_that_is_undone_tells_nobody(travel, monkeypatch):
    travel(MORNING)
    case = factories.draft()

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(writing, "_params", broken)
    with pytest.raises(RuntimeError):
        factories.submit(actor=case.applicant, application_id=case.pk)
    case.refresh_from_db()
    assert case.state == flow.DRAFT
    assert not Notice.objects.exists()


def test_alarms_go_to_who_can_act(travel):
    travel(MORNING)
    zone = factories.ZoneFactory()
    officers = driving.staff(zone)
    supervisor, other = (
        factories.supervisor(zone),
        factories.supervisor(factories.ZoneFactory(code="other")),
    )
    case = factories.filed(zone=zone)
    holder = officers[REGISTRATION]
    actions.take(actor=holder, stage_id=factories.stage(case, REGISTRATION).pk)
    while sweeping.claim_due(MORNING + timedelta(minutes=46)):
        pass
    assert kinds(holder) == ["warned", "warned", "breached"]
    assert kinds(supervisor) == []
    waiting = DigestItem.objects.filter(recipient=supervisor)
    assert list(waiting.values_list("kind", flat=True)) == ["warned", "breached"]
    assert not DigestItem.objects.filter(recipient=holder).exists()
    assert kinds(other) == kinds(officers[TAX]) == []
    assert kinds(case.applicant) == ["submitted"]


def test_a_question_goes_to_the_supervisor_and_its_answer_back(travel):
    travel(MORNING)
    zone = factories.ZoneFactory()
    supervisor, officer = factories.supervisor(zone), factories.officer(REGISTRATION, zone)
    case = factories.filed(zone=zone)
    stage = actions.take(actor=officer, stage_id=factories.stage(case, REGISTRATION).pk)
    asked = actions.escalate(actor=officer, stage_id=stage.pk, question="?")
    actions.answer_escalation(actor=supervisor, escalation_id=asked.pk, answer="!")
    assert kinds(supervisor) == ["escalated"]
    assert kinds(officer) == ["answered"]


class TestSharing:
    """A draft with its owner, and somebody who has a phone of their own."""

    @pytest.fixture
    def case(self, travel):
        travel(MORNING)
        return factories.draft("1151", applicant=factories.UserFactory(phone="13900000009"))

    @pytest.fixture
    def friend(self):
        return factories.UserFactory(phone="13900000001")

    def offer(self, case, friend, kind=Share.Kind.WORK) -> str:
        made = actions.offer_share(
            actor=case.applicant, application_id=case.pk, phone=friend.phone, kind=kind
        )
        return str(made.uid)

    def test_who_is_asked_to_help_is_told_once_and_so_is_the_other_side(self, case, friend):
        uid = self.offer(case, friend)
        actions.accept_share(actor=friend, uid=uid)
        actions.accept_share(actor=friend, uid=uid)
        actions.end_share(actor=case.applicant, uid=uid)
        assert kinds(friend) == ["share_offered", "share_ended"] and kinds(case.applicant) == [
            "share_accepted"
        ]
        actions.refuse_share(actor=friend, uid=self.offer(case, friend))
        uid = self.offer(case, friend)
        actions.accept_share(actor=friend, uid=uid)
        actions.end_share(actor=friend, uid=uid)
        told = ["share_accepted", "share_refused", "share_accepted", "share_left"]
        assert kinds(case.applicant) == told
        assert all(not params for params in Notice.objects.values_list("params", flat=True)), (
            "nothing personal"
        )

    def test_a_number_that_nobody_has_tells_nobody(self, case):
        actions.offer_share(
            actor=case.applicant, application_id=case.pk, phone="13900000002", kind=Share.Kind.WORK
        )
        assert not Notice.objects.exists()

    def test_a_draft_handed_over_tells_the_new_owner_the_old_one_and_who_helped(self, case, friend):
        helper = factories.UserFactory(phone="13900000003")
        actions.accept_share(actor=helper, uid=self.offer(case, helper))
        actions.accept_share(actor=friend, uid=self.offer(case, friend, Share.Kind.HAND_OVER))
        assert kinds(friend) == ["draft_offered"]
        assert kinds(case.applicant) == ["share_accepted", "handed_over"]
        assert kinds(helper) == ["share_offered", "share_ended"]

    def test_a_message_on_what_is_not_open_leads_to_ones_own_cases(self, case, friend, client):
        uid = self.offer(case, friend)
        client.force_login(friend)
        message = reverse("messages:open", args=[Notice.objects.get(recipient=friend).pk])
        assert client.get(message).url == reverse("work")
        actions.accept_share(actor=friend, uid=uid)
        assert client.get(message).url == reverse("filing:tasks", args=[case.ref])


@pytest.mark.parametrize("kind", sorted(TEXTS))
def test_every_kind_reads_as_a_sentence_in_both_languages(travel, kind, settings):
    from django.utils import translation

    travel(MORNING)
    case = factories.filed()
    notice = Notice(
        application=case, kind=kind, params={"department": "tax", "clock": "tax", "percent": 80}
    )
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said = text(notice)
        assert case.number in said.title
        told = case.number if kind in ("share_offered", "draft_offered") else case.name
        assert told in said.body
        assert "%" not in said.body.replace("80 %", "").replace("80%", "")


def test_nothing_personal_is_stored(travel):
    travel(MORNING)
    driving.completed()
    for params in Notice.objects.values_list("params", flat=True):
        assert set(params) <= {"department", "clock", "percent"}


class TestMail:
    @pytest.fixture
    def case(self, travel):
        travel(MORNING)
        return factories.filed(applicant=factories.with_mail(factories.UserFactory()))

    def test_an_e_mail_goes_once(self, case):
        assert sending_out.send_out() == 1 and sending_out.send_out() == 0
        assert delivery.deliver() == 1
        assert delivery.deliver() == 0
        assert [message.to for message in mail.outbox] == [["somebody@example.org"]]
        assert case.number in mail.outbox[0].subject
        assert Message.objects.get().state == "told"

    @pytest.mark.parametrize("who", [{"email": "x@example.org"}, {"is_active": False}])
    def test_who_proved_no_address_or_is_shut_gets_no_e_mail_and_no_row_says_so(self, travel, who):
        travel(MORNING)
        applicant = factories.UserFactory(**who)
        if not applicant.is_active:
            factories.with_mail(applicant)
        case = factories.filed(applicant=applicant)
        sending_out.send_out()
        assert kinds(case.applicant) == ["submitted"]
        assert not Message.objects.exists() and mail.outbox == []

    def test_who_gave_up_the_address_meanwhile_is_not_written_to(self, case):
        sending_out.send_out()
        MailAddress.objects.all().delete()
        delivery.deliver()
        assert Message.objects.get().state == "lapsed" and mail.outbox == []

    def test_a_mail_server_that_is_away_is_tried_again_with_the_same_id(
        self, case, travel, settings
    ):
        sending_out.send_out()
        working = settings.EMAIL_BACKEND
        settings.EMAIL_BACKEND = "tests.portal.broken_mail.Broken"
        assert delivery.deliver() == 0
        message = Message.objects.get()
        assert (message.state, message.error) == ("waiting", "ConnectionRefusedError")
        settings.EMAIL_BACKEND = working
        travel(message.next_try_at)
        assert delivery.deliver() == 1
        Message.objects.update(state="waiting", next_try_at=message.next_try_at)
        assert delivery.deliver() == 1
        assert len({one.extra_headers["Message-ID"] for one in mail.outbox}) == 1

    def test_a_mail_server_that_hangs_is_left(self, case, settings, monkeypatch):
        sending_out.send_out()
        settings.EMAIL_BACKEND = "tests.portal.broken_mail.Hangs"
        monkeypatch.setattr(delivery, "LIMIT", 0.05)
        try:
            assert delivery.deliver() == 0
            message = Message.objects.get()
            assert (message.state, message.error) == ("waiting", "TimeoutError")
        finally:
            broken_mail.LET.set()
            external_systems._hanging[message.channel].join(5)
        message.refresh_from_db()
        assert message.state == "waiting", "what it says too late is no answer"

    def test_a_move_with_mail_costs_one_statement_and_tells_once(self, case):
        event = case.events.get(kind=Event.Kind.SUBMITTED)
        sending_out.send_out()
        with CaptureQueriesContext(connection) as queries:
            writing.write(type(case), case, [event])
        assert len(queries) == 1
        assert sending_out.send_out() == 0 and Message.objects.count() == 1


def test_the_inbox_shows_ones_own_and_marks_them_read(client, travel):
    travel(MORNING)
    case, other = factories.filed(), factories.filed()
    client.force_login(case.applicant)
    page = client.get(reverse("messages:inbox")).content.decode()
    assert case.number in page
    assert other.number not in page
    notice = Notice.objects.get(recipient=case.applicant)
    assert client.get(reverse("messages:open", args=[notice.pk])).status_code == 302
    notice.refresh_from_db()
    assert notice.read_at == MORNING
    foreign = Notice.objects.get(recipient=other.applicant)
    assert client.get(reverse("messages:open", args=[foreign.pk])).status_code == 404
    assert client.post(reverse("messages:read-all")).status_code == 302
    foreign.refresh_from_db()
    assert foreign.read_at is None


def test_the_inbox_costs_the_same_however_long_it_is(client, travel):
    travel(MORNING)
    user = factories.UserFactory()
    client.force_login(user)
    counts = []
    for more in (1, 4):
        for _place in range(more):
            factories.filed(applicant=user)
        in_force.versions.forget()
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("messages:inbox"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_strangers_log_in_first(client):
    assert client.get(reverse("messages:inbox")).status_code == 302


@pytest.mark.parametrize("role", dict(roles()))
def test_every_role_has_an_inbox(client, role):
    zone = None if role == Role.APPLICANT else factories.ZoneFactory()
    client.force_login(factories.UserFactory(role=role, zone=zone))
    assert client.get(reverse("messages:inbox")).status_code == 200
