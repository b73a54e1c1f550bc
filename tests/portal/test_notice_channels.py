"""How a notice reaches somebody outside the portal: by text at once, within what they chose; and what is said of it."""

import json
from datetime import time, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from kernel.accounts.models import User
from kernel.cases import actions
from kernel.cases.models import Event, Share
from kernel.core import sandbox
from kernel.core.outbox import delivery
from kernel.core.outbox.models import Message
from kernel.core.text_messages import carriers
from portal.notices import (
    choices,
    deliveries,
    phone_texts,
    proving_mail,
    receipts,
    sending_out,
    trail,
)
from portal.notices.models import Choices, Delivery, Notice
from seals.notices import NOTICES
from tests import driving, factories, officers
from tests.codes import REGISTRATION
from tests.factories import MORNING

PHONE = "13800005678"
State, Fault = Delivery.State, Delivery.Fault
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(travel):
    travel(MORNING)
    return travel


def told(phone: str = PHONE) -> list[str]:
    """What has reached the phone, the newest first, after each worker had its turn."""
    sending_out.send_out()
    delivery.deliver()
    trail.write()
    return [text["body"] for text in sandbox.shown(carriers.SYSTEM) if text["phone"] == phone]


def licensed(phone: str = PHONE, **fields):
    """A case whose licence was just issued, of an applicant with that phone."""
    zone = factories.ZoneFactory()
    applicant = factories.UserFactory(phone=phone, **fields)
    staff = driving.staff(zone)
    return driving.at_desk(staff, "seals", zone=zone, applicant=applicant)


def on_trail(case) -> list[tuple[str, dict]]:
    kinds = (Event.Kind.TOLD, Event.Kind.UNREACHED)
    rows = Event.objects.filter(application=case, kind__in=kinds).order_by("seq")
    return list(rows.values_list("kind", "data"))


class TestByText:
    def test_the_licence_is_told_at_once_without_names_and_leads_to_its_place(self, client):
        case = licensed()
        (text,) = told()
        notice = Notice.objects.get(kind="licensed")
        assert f"/messages/{notice.pk}/" in text
        for secret in (case.name, case.number, case.applicant.real_name, PHONE):
            assert secret not in text
        client.force_login(case.applicant)
        place = client.get(reverse("messages:open", args=[notice.pk])).url
        assert client.get(place).status_code == 200

    def test_who_is_logged_out_comes_to_the_place_after_log_in(self, client):
        licensed()
        told()
        address = reverse("messages:open", args=[Notice.objects.get(kind="licensed").pk])
        assert client.get(address).url.endswith(f"?next={address}")

    def test_sent_only_once_the_carrier_took_it_and_delivered_once_it_says_so(self):
        case = licensed()
        sending_out.send_out()
        row = Delivery.objects.get()
        assert row.state == State.QUEUED and on_trail(case) == []
        told()
        row.refresh_from_db()
        assert (row.state, row.taken_at) == (State.TAKEN, MORNING)
        assert on_trail(case) == [("told", {"what": "licensed", "by": "notices"})]
        assert receipts.ask() == 1
        row.refresh_from_db()
        assert (row.state, row.ended_at) == (State.DELIVERED, MORNING)
        trail.write()
        assert len(on_trail(case)) == 1

    def test_two_workers_and_a_second_turn_say_it_once(self):
        licensed()
        assert len(told()) == len(told()) == 1
        Notice.objects.update(channels_at=MORNING)  # as after a worker that died
        assert len(told()) == 1 and Delivery.objects.count() == 1

    def test_what_does_not_go_to_phones_does_not(self):
        factories.filed(applicant=factories.UserFactory(phone=PHONE))
        assert told() == [] and not Delivery.objects.exists()

    @pytest.mark.parametrize("fields", [{"phone_proved_at": None}, {"is_active": False}])
    def test_a_phone_that_is_nobodys_is_not_written_to(self, fields):
        case = licensed()
        User.objects.filter(pk=case.applicant_id).update(**fields)
        assert told() == []

    def test_a_number_that_moved_on_before_it_was_sent_is_not_written_to(self):
        case = licensed()
        sending_out.send_out()
        User.objects.filter(pk=case.applicant_id).update(phone_proved_at=None)
        assert told() == []
        assert Delivery.objects.get().fault == Fault.NO_ADDRESS
        assert on_trail(case)[0][0] == "unreached"

    def test_what_was_given_up_meanwhile_is_said_and_the_other_way_counts(self):
        case = licensed()
        factories.with_mail(case.applicant)
        sending_out.send_out()
        proving_mail.give_up(case.applicant)
        assert len(told()) == 1
        rows = Delivery.objects.filter(channel="e-mail")
        assert {row.fault for row in rows} == {Fault.GONE}, "neither too late nor without a phone"
        assert on_trail(case) == [("told", {"what": "licensed", "by": "notices"})]
        assert not Delivery.objects.filter(trail_due=True).exists()

    def test_who_is_reached_by_one_of_two_ways_is_not_called(self):
        case = licensed("13800000404")
        factories.with_mail(case.applicant)
        told()
        assert ("told", {"what": "licensed", "by": "e-mail"}) in on_trail(case)
        assert {kind for kind, _data in on_trail(case)} == {"told"}
        assert not Delivery.objects.filter(trail_due=True).exists()

    def test_the_trail_says_nothing_of_others_who_are_told(self):
        case = factories.draft()
        friend = factories.with_mail(factories.UserFactory(phone="13600137999"))
        actions.offer_share(
            actor=case.applicant, application_id=case.pk, phone=friend.phone, kind="work"
        )
        told()
        assert len(mail.outbox) == 1
        assert on_trail(case) == [], "who offers it isn't told whether anybody has the number"

    @pytest.mark.parametrize("kind", Share.OFFERED_TO_PHONES)
    def test_who_is_let_into_a_filing_is_told_by_what_they_chose(self, kind, clock, client):
        case, friend = factories.draft(), factories.UserFactory(phone=PHONE)
        offer = {"actor": case.applicant, "application_id": case.pk, "kind": kind}
        clock(MORNING.replace(hour=22))
        share = actions.offer_share(**offer, phone=friend.phone)
        assert told() == [], "it may wait for the morning"
        clock((MORNING + timedelta(days=1)).replace(hour=8))
        (text,) = told()
        for secret in (case.name, case.ref, case.applicant.real_name, PHONE):
            assert not secret or secret not in text
        notice = friend.notices.get()
        client.force_login(friend)
        place = client.get(f"/messages/{notice.pk}/").url
        assert str(share.uid) in client.get(place, follow=True).content.decode()
        assert on_trail(case) == []

    def test_who_wants_no_texts_of_an_offer_gets_the_e_mail(self):
        case, friend = factories.draft(), factories.UserFactory(phone=PHONE)
        factories.with_mail(friend)
        Choices.objects.create(account=friend, texts=False)
        offer = {"actor": case.applicant, "application_id": case.pk, "kind": Share.Kind.WORK}
        actions.offer_share(**offer, phone=friend.phone)
        assert told() == [] and len(mail.outbox) == 1

    def test_an_offer_to_a_phone_that_nobody_proved_is_told_to_nobody(self):
        case = factories.draft()
        factories.UserFactory(phone=PHONE, phone_proved_at=None)
        offer = {"actor": case.applicant, "application_id": case.pk, "kind": Share.Kind.WORK}
        actions.offer_share(**offer, phone=PHONE)
        assert told() == [] and not Delivery.objects.exists() and on_trail(case) == []

    def test_what_was_erased_before_it_was_sent_is_nobody_s_any_more(self):
        licensed()
        sending_out.send_out()
        Notice.objects.all().delete()
        assert told() == []
        assert Message.objects.get(channel="notices").state == Message.State.LAPSED

    def test_who_missed_an_appointment_is_told_after_it(self, clock):
        case = factories.filed(applicant=factories.UserFactory(phone=PHONE))
        before = (MORNING - timedelta(minutes=10)).isoformat()
        Notice.objects.update(kind="meeting_missed", params={"at": before}, channels_at=MORNING)
        (text,) = told()
        assert "未按预约时间到场" in text
        assert [kind for kind, _data in on_trail(case)] == ["told"]

    def test_nobody_is_reminded_of_an_appointment_that_has_begun(self):
        factories.filed(applicant=factories.UserFactory(phone=PHONE))
        Notice.objects.update(
            kind="meeting_soon", params={"at": MORNING.isoformat()}, channels_at=MORNING
        )
        assert told() == [] and Delivery.objects.get().fault == Fault.LATE

    def test_who_has_nothing_proved_is_called(self):
        case = licensed(phone="")
        told()
        assert on_trail(case) == [
            ("unreached", {"what": "licensed", "by": "notices", "fault": "no_address"})
        ]

    def test_every_text_is_a_sentence_with_a_link_and_nothing_to_fill_in(self):
        case = licensed()
        for kind in [*phone_texts.PHONE_TEXTS, *NOTICES]:
            notice = Notice(
                pk=7,
                application=case,
                kind=kind,
                params={"department": "seals", "at": MORNING.isoformat()},
            )
            if phone_texts.wording(notice) is None:
                continue
            text = phone_texts.phone_text(notice)
            assert text.count("/messages/7/") == 1 and "%" not in text

    def test_the_kinds_that_must_be_told_at_once_are(self):
        known = set(phone_texts.PHONE_TEXTS)
        assert {"returned", "licensed", "completed", "extended", "reckoned"} <= known
        assert {"meeting_moved", "meeting_cancelled", "meeting_soon"} <= known
        assert {"material_reminder", "material_overdue"} <= known
        ways = [NOTICES[step] for step in ("ready_to_collect", "sent", "back", "lost")]
        assert all(len(words) == 3 for words in ways)


class TestCarrier:
    """Each way in which a carrier fails."""

    def test_one_that_is_down_for_ten_minutes_loses_nothing_and_says_nothing_twice(self, clock):
        sandbox.make(carriers.SYSTEM, sandbox.Behaviour.AWAY)
        case = licensed()
        for minute in range(0, 11, 2):
            clock(MORNING + timedelta(minutes=minute))
            assert told() == []
        assert Delivery.objects.get().state == State.QUEUED and on_trail(case) == []
        sandbox.make(carriers.SYSTEM, sandbox.Behaviour.USUAL)
        for minute in range(11, 40):
            clock(MORNING + timedelta(minutes=minute))
            told()
        assert len(told()) == 1 and Delivery.objects.get().state == State.TAKEN

    def test_an_answer_that_was_lost_is_not_said_twice(self, monkeypatch, clock):
        licensed()
        send = carriers.Sandbox.send

        def loses(self, **text):
            send(self, **text)
            raise ConnectionResetError

        with monkeypatch.context() as patch:
            patch.setattr(carriers.Sandbox, "send", loses)
            assert len(told()) == 1 and Delivery.objects.get().state == State.QUEUED
        clock(Message.objects.get(channel="notices").next_try_at)
        assert len(told()) == 1 and Delivery.objects.get().state == State.TAKEN

    def test_a_refused_number_fails_at_once(self):
        case = licensed("13800000404")
        assert told("13800000404") == []
        assert Delivery.objects.get().fault == Fault.REFUSED
        assert on_trail(case)[0][1]["fault"] == "refused"

    def test_a_busy_one_is_tried_again(self, clock):
        licensed("13800000429")
        assert told("13800000429") == []
        clock(MORNING + timedelta(minutes=2))
        assert len(told("13800000429")) == 1

    def test_one_that_has_had_its_texts_gets_this_one_later(self, clock):
        licensed("13800000431")
        tries = []
        while not told("13800000431"):
            message = Message.objects.get(channel="notices")
            tries.append(message.error)
            clock(message.next_try_at)
        assert set(tries) == {"Full"} and Delivery.objects.get().state == State.TAKEN
        assert Message.objects.get(channel="notices").settled_at >= MORNING + timedelta(hours=1)

    @pytest.mark.parametrize(
        ("how", "error"), [("throttles", "Busy"), ("not_approved", "NotSetUp")]
    )
    def test_what_is_not_the_texts_fault_waits_until_it_is_mended(self, clock, how, error):
        sandbox.make(carriers.SYSTEM, sandbox.Behaviour(how))
        licensed()
        assert told() == [] and Delivery.objects.get().state == State.QUEUED
        message = Message.objects.get(channel="notices")
        assert (message.state, message.error) == ("waiting", error)
        sandbox.make(carriers.SYSTEM, sandbox.Behaviour.USUAL)
        clock(message.next_try_at)
        assert len(told()) == 1

    def test_words_that_are_refused_are_not_said_again(self):
        sandbox.make(carriers.SYSTEM, sandbox.Behaviour.CENSORS)
        case = licensed()
        assert told() == [] and Delivery.objects.get().fault == Fault.REFUSED
        assert on_trail(case)[-1][0] == Event.Kind.UNREACHED

    def test_a_receipt_that_is_written_just_now_is_not_lost(self):
        """Another worker has its place and hasn't written it yet."""
        from django.core.cache import cache

        licensed()
        told()
        place = carriers._place("owed", 1)
        receipt = cache.get(place)
        cache.delete(place)
        assert receipts.ask() == 0 and Delivery.objects.get().state == State.TAKEN
        cache.set(place, receipt)
        assert receipts.ask() == 1 and Delivery.objects.get().state == State.DELIVERED

    def test_a_late_receipt_and_one_that_never_comes(self, clock):
        licensed("13800000202")
        told()
        assert receipts.ask() == 0
        clock(MORNING + timedelta(minutes=6))
        assert receipts.ask() == 1 and Delivery.objects.get().state == State.DELIVERED

    def test_without_a_receipt_it_stays_taken_and_is_never_called_delivered(self, clock):
        licensed("13800000204")
        told()
        clock(MORNING + timedelta(days=2))
        assert receipts.ask() == 0 and Delivery.objects.get().state == State.TAKEN

    def test_what_was_taken_and_did_not_arrive_is_said(self):
        case = licensed("13800000410")
        told()
        receipts.ask()
        trail.write()
        assert [kind for kind, _data in on_trail(case)] == ["told", "unreached"]
        deliveries.receive({Delivery.objects.get().uid: True})
        trail.write()
        assert [kind for kind, _data in on_trail(case)] == ["told", "unreached", "told"]

    def test_one_that_is_away_all_day_is_given_up_and_said(self, clock):
        sandbox.make(carriers.SYSTEM, sandbox.Behaviour.AWAY)
        case = licensed()
        told()
        while due := Message.objects.get(channel="notices").next_try_at:
            clock(due)
            told()
        assert Delivery.objects.get().fault == Fault.AWAY
        assert on_trail(case)[-1][1]["fault"] == "away"

    def test_a_lost_cache_loses_no_text(self):
        from django.core.cache import cache

        licensed()
        sending_out.send_out()
        cache.clear()
        assert len(told()) == 1


class TestReceipts:
    @pytest.fixture(autouse=True)
    def key(self, settings):
        settings.TEXT_RECEIPTS_KEY = "shared"

    @pytest.fixture
    def row(self):
        licensed()
        told()
        return Delivery.objects.get()

    def call(self, client, rows, *, stamp=MORNING, key="shared", body=None):
        body = body or json.dumps({"receipts": rows}).encode()
        stamp = str(int(stamp.timestamp()))
        headers = {"x-timestamp": stamp, "x-signature": receipts.sign(stamp, body, key)}
        address = reverse("messages:receipts")
        return client.post(address, body, content_type="application/json", headers=headers)

    def test_the_carrier_says_that_it_arrived_twice(self, client, row):
        told_of = [{"key": f"notices:{row.uid}", "arrived": True}]
        assert self.call(client, told_of).json() == {"taken": 1}
        assert self.call(client, told_of).status_code == 200
        row.refresh_from_db()
        assert row.state == State.DELIVERED
        self.call(client, [{"key": f"notices:{row.uid}", "arrived": False}])
        row.refresh_from_db()
        assert row.state == State.DELIVERED, "it arrived"

    @pytest.mark.parametrize("how", [{"key": "wrong"}, {"stamp": MORNING - timedelta(minutes=6)}])
    def test_who_does_not_sign_now_is_not_believed(self, client, row, how):
        rows = [{"key": f"notices:{row.uid}", "arrived": True}]
        assert self.call(client, rows, **how).status_code == 403
        row.refresh_from_db()
        assert row.state == State.TAKEN

    def test_nobody_is_believed_without_a_key(self, client, row, settings):
        settings.TEXT_RECEIPTS_KEY = ""
        assert self.call(client, [], key="").status_code == 403
        assert client.post(reverse("messages:receipts")).status_code == 403

    @pytest.mark.parametrize("body", [b"{", b"[]", b'{"receipts": [{"key": 1, "arrived": 2}]}'])
    def test_what_can_not_be_read_is_refused(self, client, row, body):
        assert self.call(client, [], body=body).status_code == 400

    def test_keys_that_nobody_knows_are_no_error(self, client, row):
        rows = [{"key": key, "arrived": True} for key in ("texts:1", "notices:x", "")]
        assert self.call(client, rows).json() == {"taken": 0}


class TestChoices:
    def test_quiet_hours_hold_a_text_back_until_their_end(self, clock):
        clock(MORNING.replace(hour=22))
        case = factories.filed(applicant=factories.UserFactory(phone=PHONE))
        Notice.objects.update(kind="licensed", channels_at=MORNING)
        assert told() == []
        clock((MORNING + timedelta(days=1)).replace(hour=7, minute=59))
        assert told() == []
        clock((MORNING + timedelta(days=1)).replace(hour=8, minute=0))
        assert len(told()) == 1 and on_trail(case)

    def test_e_mail_wakes_nobody_and_goes_at_once(self, clock):
        clock(MORNING.replace(hour=22))
        applicant = factories.with_mail(factories.UserFactory(phone=PHONE))
        factories.filed(applicant=applicant)
        Notice.objects.update(kind="licensed", channels_at=MORNING)
        assert told() == [] and len(mail.outbox) == 1
        clock((MORNING + timedelta(days=1)).replace(hour=9))
        assert len(told()) == 1 and len(mail.outbox) == 1

    def test_what_is_due_before_the_morning_goes_through(self, clock):
        clock(MORNING.replace(hour=22))
        factories.filed(applicant=factories.UserFactory(phone=PHONE))
        early = (MORNING + timedelta(days=1)).replace(hour=9)
        Notice.objects.update(
            kind="meeting_soon", params={"at": early.isoformat()}, channels_at=MORNING
        )
        assert len(told()) == 1

    def test_what_was_due_before_wakes_nobody(self, clock):
        clock(MORNING.replace(hour=22))
        factories.filed(applicant=factories.UserFactory(phone=PHONE))
        Notice.objects.update(
            kind="meeting_missed", params={"at": MORNING.isoformat()}, channels_at=MORNING
        )
        assert told() == []
        clock((MORNING + timedelta(days=1)).replace(hour=8))
        assert len(told()) == 1

    def test_quiet_hours_of_the_last_night_end_in_the_new_year(self):
        eve = MORNING.replace(month=12, day=31, hour=23)
        ends = choices.quiet_until(Choices(quiet_from=time(21), quiet_until=time(8)), eve)
        assert (ends.year, ends.month, ends.day, ends.hour) == (eve.year + 1, 1, 1, 8)

    @pytest.mark.parametrize(
        ("start", "end", "hour", "expected"),
        [
            (21, 8, 20, None),
            (21, 8, 21, (19, 8)),
            (21, 8, 3, (18, 8)),
            (21, 8, 8, None),
            (12, 14, 13, (18, 14)),
            (None, None, 3, None),
            (5, 5, 5, None),
        ],
    )
    def test_when_quiet_hours_end(self, start, end, hour, expected):
        row = Choices(
            quiet_from=None if start is None else time(start),
            quiet_until=None if end is None else time(end),
        )
        ends = choices.quiet_until(row, MORNING.replace(hour=hour, minute=0))
        assert (ends and (ends.day, ends.hour)) == expected

    def test_who_wants_no_texts_gets_none_and_is_not_called_unreached(self):
        case = licensed()
        Choices.objects.create(account=case.applicant, texts=False)
        assert told() == [] and on_trail(case) == []

    def test_the_page_keeps_what_is_chosen_and_says_what_is_wrong(self, client):
        user = factories.UserFactory(phone=PHONE)
        client.force_login(user)
        address = reverse("messages:choices")
        page = client.get(address).content.decode()
        assert "21:00" in page and "138****5678" in page and PHONE not in page
        wrong = client.post(address, {"texts": "on", "quiet_from": "22:00"})
        assert wrong.status_code == 422 and not Choices.objects.exists()
        body = {"mail": "on", "quiet_from": "22:00", "quiet_until": "06:30"}
        for _click in range(2):
            assert client.post(address, body).url == address
        row = Choices.objects.get()
        assert (row.texts, row.mail, row.quiet_until) == (False, True, time(6, 30))
        assert client.post(address, {"quiet_from": "", "quiet_until": ""}).status_code == 302
        assert Choices.objects.get().quiet_from is None

    def test_staff_are_not_asked_for_texts_that_they_are_never_sent(self, client):
        client.force_login(factories.supervisor(factories.ZoneFactory()))
        address = reverse("messages:choices")
        page = client.get(address).content.decode()
        assert "texts" not in page and "quiet_from" not in page, (
            "what is never sent waits for no hour"
        )
        assert client.post(address, {"mail": ""}).status_code == 302
        assert not Choices.objects.get().mail

    def test_strangers_log_in_first(self, client):
        assert client.get(reverse("messages:choices")).status_code == 302


class TestWhereItIsSeen:
    @pytest.fixture
    def case(self):
        zone = factories.ZoneFactory()
        applicant = factories.UserFactory(phone="13800000404")
        case = factories.filed(zone=zone, applicant=applicant)
        Notice.objects.update(kind="returned", channels_at=MORNING)
        told()
        return case

    def test_on_the_case_for_its_applicant_until_something_reaches_them(self, case, client):
        client.force_login(case.applicant)
        address = reverse("filing:tasks", args=[case.number])
        english = {"headers": {"accept-language": "en"}}
        assert "unreached-h" in client.get(address, **english).content.decode()
        factories.with_mail(case.applicant)
        Notice.objects.update(kind="declined", channels_at=MORNING)
        told()
        assert "unreached-h" not in client.get(address, **english).content.decode()

    def test_for_the_officer_and_the_supervisor(self, case):
        officer = factories.officer(REGISTRATION, case.zone)
        client = officers.browser(officer)
        officers.taken(client, REGISTRATION)
        page = client.get(
            reverse(f"{officers.namespace(REGISTRATION)}:case", args=[case.number])
        ).content.decode()
        assert "call" in page and "outside the portal" in page
        client = officers.browser(factories.supervisor(case.zone))
        page = client.get(reverse("supervision:case", args=[case.number])).content.decode()
        assert "somebody should call" in page and "refuses the number" in page
