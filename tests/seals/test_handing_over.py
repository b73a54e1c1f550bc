"""How a finished set comes to its company, through the pages of both: collected by somebody named who shows the code,
or in a parcel, which is followed, comes back, or is lost and sent again."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from kernel.cases import actions, rounds
from kernel.cases.models import Application, Event, Share
from kernel.core.moment import now
from kernel.core.outbox import delivery
from kernel.core.outbox.models import Message
from kernel.core.privacy import blind_index
from kernel.form import flow
from kernel.sla.models import Clock, Span
from kernel.sla.sweeping import claim_due
from portal.notices.models import Notice
from portal.notices.texts import text
from seals import carriers, handing_over
from seals.models import Parcel, PickUp, SealOrder
from tests import driving, factories, officers
from tests.codes import SEALS
from tests.factories import MORNING
from tests.seconds import revoke_licence

pytestmark = pytest.mark.django_db
STRANGER = "370303199201015525"


@pytest.fixture
def client(staff):
    return officers.browser(staff[SEALS])


def ready(staff, zone, delivery) -> Application:
    """A case whose set is ready, to be delivered so."""
    draft = factories.draft(zone=zone)
    actor = {"actor": draft.applicant, "application_id": draft.pk}
    typed = draft.answers["seals"] | {"delivery": delivery}
    actions.save_section(**actor, section="seals", values=typed)
    case = factories.submit(**actor)
    for department in flow.departments()[:2]:
        case = driving.work(department, staff[department], case)
    return case


@pytest.fixture
def to_collect(staff, zone):
    zone.settings["pickup_place"] = "Window 11"
    zone.save()
    return ready(staff, zone, "window")


@pytest.fixture
def to_send(staff, zone):
    return ready(staff, zone, "courier")


def press(client, case, name, /, *more, **values):
    return client.post(officers.address(SEALS, name, case.number, *more), values)


def page(client, case):
    return client.get(officers.address(SEALS, "case", case.number))


def steps(case) -> list[str]:
    events = case.events.filter(kind=Event.Kind.STEP).order_by("seq")
    found = [event.data["step"] for event in events]
    return found[found.index("seal") + found.count("seal") :]


def told(case, kind) -> str:
    return text(Notice.objects.get(recipient=case.applicant, kind=kind)).body


def own_page(case) -> str:
    applicant = officers.browser(case.applicant)
    return applicant.get(reverse("filing:tasks", args=[case.ref])).content.decode()


def papers_of(case, shown) -> dict:
    """What somebody shows who may collect the set: the first that the desk's page lists."""
    key, _label = shown.context["hand_out"].fields["person"].choices[0]
    number = case.people.get(uid=key).data["id_number"]
    return {"person": key, "code": PickUp.objects.get().code, "number_end": number[-4:]}


class TestCollected:
    def test_the_applicant_is_told_where_and_finds_the_code(self, to_collect, zone):
        assert "Window 11" in told(to_collect, "ready_to_collect")
        assert PickUp.objects.get().code in own_page(to_collect)
        assert steps(to_collect) == ["ready_to_collect"]

    def test_whoever_only_helps_with_the_filing_finds_no_code(self, to_collect):
        """A helper can't collect the set, so the page doesn't hand them what opens it."""
        helper = factories.UserFactory()
        Share.objects.create(
            application=to_collect,
            kind=Share.Kind.WORK,
            state=Share.State.ACCEPTED,
            offered_by=to_collect.applicant,
            offered_at=now(),
            phone="13900000001",
            phone_index=blind_index("13900000001"),
            user=helper,
            answered_at=now(),
        )
        shown = officers.browser(helper).get(reverse("filing:tasks", args=[to_collect.ref]))
        assert shown.status_code == 200 and 'id="hand-over"' in shown.content.decode()
        assert PickUp.objects.get().code not in shown.content.decode()

    def test_once_the_licence_is_revoked_the_page_speaks_of_no_hand_over(self, to_collect, zone):
        revoke_licence(
            actor=factories.supervisor(zone), application_id=to_collect.pk, ground="art. 40"
        )
        shown = own_page(to_collect)
        assert "its seals are not handed over any more" in shown
        assert 'id="hand-over"' not in shown and PickUp.objects.get().code not in shown

    def test_neither_the_next_desks_nor_the_end_of_the_case_wait_for_it(self, to_collect, staff):
        assert to_collect.state == flow.SETTLING
        assert not Span.objects.filter(clock__name="licence_and_seals", ended_at=None).exists()
        for department in flow.beside():
            if department in staff and to_collect.stages.filter(department=department).exists():
                driving.work(department, staff[department], to_collect)
        to_collect.refresh_from_db()
        assert to_collect.state == flow.COMPLETED and not SealOrder.objects.get().delivered_at
        call_command("replay_clocks")

    def test_it_is_handed_to_somebody_named_who_shows_the_code(self, client, to_collect, staff):
        shown = page(client, to_collect)
        assert PickUp.objects.get().code not in shown.content.decode()
        answer = press(client, to_collect, "hand_out", **papers_of(to_collect, shown))
        assert answer.status_code == 302
        pick_up, order = PickUp.objects.get(), SealOrder.objects.get()
        assert pick_up.handed_by == staff[SEALS] and pick_up.handed_to
        assert order.delivered_at and order.subsidy_fen == 32000
        assert Clock.objects.get(name="collect:seals").state == "stopped"
        assert pick_up.handed_to in page(client, to_collect).content.decode()
        assert "collected" in steps(to_collect) and "at the window" in told(to_collect, "collected")
        ledger = client.get(officers.address(SEALS, "ledger")).content.decode()
        assert "320" in ledger and to_collect.number in ledger

    @pytest.mark.parametrize("wrong", [{"code": "000000"}, {"number_end": "0000"}])
    def test_a_wrong_code_or_number_is_refused_and_counted(self, client, to_collect, wrong):
        given = papers_of(to_collect, page(client, to_collect)) | wrong
        answer = press(client, to_collect, "hand_out", **given)
        assert answer.status_code == 409
        assert "Nothing is handed over" in answer.content.decode()
        assert PickUp.objects.get().wrong == 1 and not SealOrder.objects.get().delivered_at
        assert steps(to_collect)[-1] == "wrong_code"
        assert "1 wrong attempt" in page(client, to_collect).content.decode()

    def test_the_fifth_wrong_code_makes_a_new_one(self, client, to_collect):
        given, before = papers_of(to_collect, page(client, to_collect)), PickUp.objects.get().code
        for _attempt in range(handing_over.MOST_WRONG):
            answer = press(client, to_collect, "hand_out", **given | {"code": "000000"})
        assert "a new one from now on" in answer.content.decode()
        assert PickUp.objects.get().code != before
        assert press(client, to_collect, "hand_out", **given).status_code == 409
        assert "wrong codes" in told(to_collect, "code_renewed")

    def test_a_stranger_with_the_code_gets_nothing(self, client, to_collect):
        code = PickUp.objects.get().code
        for person in ("", "named", "nobody"):
            given = {"person": person, "code": code, "number_end": STRANGER[-4:]}
            assert press(client, to_collect, "hand_out", **given).status_code == 422
        assert not SealOrder.objects.get().delivered_at

    def test_the_applicant_may_send_somebody_else(self, client, to_collect):
        applicant = officers.browser(to_collect.applicant)
        wrong = press(applicant, to_collect, "collector", name="周远", id_number="123")
        assert wrong.status_code == 302 and not PickUp.objects.get().named
        press(applicant, to_collect, "collector", name="周远", id_number=STRANGER)
        assert "周远" in own_page(to_collect)
        code = PickUp.objects.get().code
        given = {"person": "named", "code": code, "number_end": STRANGER[-4:]}
        assert press(client, to_collect, "hand_out", **given).status_code == 302
        assert PickUp.objects.get().handed_to == "周远"

    def test_nobody_but_the_applicant_names_anybody(self, client, to_collect):
        other = officers.browser(factories.UserFactory())
        given = {"name": "周远", "id_number": STRANGER}
        assert press(other, to_collect, "collector", **given).status_code == 404
        assert press(client, to_collect, "collector", **given).status_code == 403
        assert not PickUp.objects.get().named

    def test_a_second_click_and_a_second_officer_hand_nothing_over_again(
        self, client, to_collect, zone, staff
    ):
        given = papers_of(to_collect, page(client, to_collect))
        press(client, to_collect, "hand_out", **given)
        colleague = officers.browser(factories.officer(SEALS, zone))
        answer = press(colleague, to_collect, "hand_out", **given)
        assert answer.status_code == 409
        assert staff[SEALS].real_name in answer.content.decode()
        assert steps(to_collect).count("collected") == 1

    def test_who_does_not_come_is_reminded_and_the_desk_is_told(self, to_collect, travel, staff):
        clock = Clock.objects.get(name="collect:seals")
        for moment, kind in (
            (clock.first_warning_at, "collect_reminder"),
            (clock.due_at, "collect_overdue"),
        ):
            travel(moment + timedelta(seconds=1))
            while claim_due(moment + timedelta(seconds=1)):
                pass
            assert Notice.objects.filter(recipient=to_collect.applicant, kind=kind).count() == 1
        assert Notice.objects.filter(recipient=staff[SEALS], kind="collect_overdue").count() == 1

    def test_a_revoked_company_gets_no_seals(self, client, to_collect, staff):
        given = papers_of(to_collect, page(client, to_collect))
        Application.objects.filter(pk=to_collect.pk).update(state=flow.REVOKED)
        answer = press(client, to_collect, "hand_out", **given)
        assert answer.status_code in (404, 409) and not SealOrder.objects.get().delivered_at


class TestSent:
    def send(self, client, case, number="SF1234567811", carrier="sf"):
        return press(client, case, "send", carrier=carrier, tracking_number=number)

    def test_a_parcel_has_a_carrier_a_number_and_a_link(self, client, to_send):
        assert self.send(client, to_send).status_code == 302
        parcel = Parcel.objects.get()
        assert (parcel.state, parcel.carrier, parcel.tracking_number) == (
            "sent",
            "sf",
            "SF1234567811",
        )
        assert "waybill-detail/SF1234567811" in own_page(to_send)
        assert "The courier has" in told(to_send, "sent")
        assert not SealOrder.objects.get().delivered_at
        call_command("replay_clocks")

    @pytest.mark.parametrize(
        ("carrier", "number", "said"),
        [
            ("sf", "", "Enter the courier"),
            ("", "SF1234567811", "Choose the courier"),
            ("ems", "SF1234567811", "This is no number of EMS"),
        ],
    )
    def test_what_cannot_be_followed_is_refused_and_kept_as_typed(
        self, client, to_send, carrier, number, said
    ):
        answer = self.send(client, to_send, number, carrier)
        assert answer.status_code == 422 and said in answer.content.decode()
        assert number in answer.content.decode()
        assert Parcel.objects.get().state == "ready"

    def test_the_label_can_be_written_until_the_parcel_is_sent(self, client, to_send):
        address = to_send.answers["seals"]["address"]
        assert address not in page(client, to_send).content.decode()
        assert address in press(client, to_send, "reveal").content.decode()
        assert to_send.events.filter(kind=Event.Kind.REVEALED).count() == 1
        self.send(client, to_send)
        assert address not in press(client, to_send, "reveal").content.decode()

    def test_the_carrier_is_told_by_the_outbox(self, client, to_send, monkeypatch):
        labels = []
        monkeypatch.setattr(
            carriers.system(), "announce", lambda label, key: labels.append((label, key))
        )
        self.send(client, to_send)
        delivery.deliver()
        message = Message.objects.get(channel="courier")
        filing = to_send.answers["seals"]
        assert message.state == "told" and labels[0][1] == message.key
        assert labels[0][0].address == filing["address"] and filing["phone"] not in str(
            message.payload
        )
        assert filing["phone"] not in repr(labels[0][0])

    def test_a_carrier_that_is_away_is_told_later(self, client, to_send):
        self.send(client, to_send, "SF1234567855")
        delivery.deliver()
        assert Message.objects.get(channel="courier").state == "waiting"
        assert rounds.go() == 0 and Parcel.objects.get().state == "sent"

    def test_it_arrives_as_the_carrier_says(self, client, to_send, travel):
        self.send(client, to_send)
        assert rounds.go() == 0
        travel(MORNING + timedelta(hours=5))
        assert rounds.go() == 1
        parcel, order = Parcel.objects.get(), SealOrder.objects.get()
        assert parcel.state == "delivered" and parcel.told_by is None
        assert order.delivered_at == parcel.ended_at and order.subsidy_fen == 32000
        assert steps(to_send) == ["to_be_sent", "sent", "delivered"]
        assert Clock.objects.get(name="parcel:seals.1").state == "stopped"
        assert rounds.go() == 0

    def test_the_carrier_is_asked_every_half_hour_and_not_by_every_round(
        self, client, to_send, travel, monkeypatch
    ):
        asked = []
        monkeypatch.setattr(carriers.system(), "track", lambda *parcel: asked.append(parcel))
        self.send(client, to_send)
        for minutes in (1, 2, 3, 40):
            travel(MORNING + timedelta(minutes=minutes))
            rounds.go()
        assert len(asked) == 2

    def test_the_applicant_says_that_it_arrived_and_nobody_else_for_them(self, client, to_send):
        self.send(client, to_send)
        assert press(client, to_send, "arrived", 1).status_code == 403
        other = officers.browser(factories.UserFactory())
        assert press(other, to_send, "arrived", 1).status_code == 404
        applicant = officers.browser(to_send.applicant)
        for _click in range(2):
            assert press(applicant, to_send, "arrived", 1).status_code == 302
        assert Parcel.objects.get().told_by == to_send.applicant
        assert steps(to_send).count("delivered") == 1

    def test_a_lost_parcel_is_sent_again(self, client, to_send, travel):
        self.send(client, to_send, "SF1234567899")
        travel(MORNING + timedelta(hours=5))
        assert rounds.go() == 1
        assert Parcel.objects.get().state == "lost" and not SealOrder.objects.get().delivered_at
        assert "sends licence and seals again" in told(to_send, "lost")
        for status in (302, 409):  # two tabs
            assert press(client, to_send, "again").status_code == status
        assert self.send(client, to_send, "SF1234567812").status_code == 302
        assert press(client, to_send, "outcome", 1, outcome="delivered").status_code == 409
        assert press(client, to_send, "outcome", 2, outcome="delivered").status_code == 302
        states = list(Parcel.objects.order_by("attempt").values_list("state", flat=True))
        assert states == ["lost", "delivered"] and SealOrder.objects.get().delivered_at

    def test_a_parcel_that_came_back_may_be_collected(self, client, to_send, zone):
        self.send(client, to_send)
        press(client, to_send, "outcome", 1, outcome="back")
        assert "brought licence and seals" in told(to_send, "back")
        assert press(client, to_send, "keep").status_code == 302
        assert press(client, to_send, "again").status_code == 409
        assert PickUp.objects.get().code in own_page(to_send)
        answer = press(client, to_send, "hand_out", **papers_of(to_send, page(client, to_send)))
        assert answer.status_code == 302 and SealOrder.objects.get().delivered_at

    def test_a_late_parcel_is_told_to_desk_and_applicant(self, client, to_send, travel, staff):
        self.send(client, to_send, "SF1234567800")  # which the carrier doesn't know
        late = Clock.objects.get(name="parcel:seals.1").due_at + timedelta(seconds=1)
        travel(late)
        assert rounds.go() == 0
        while claim_due(late):
            pass
        for person in (to_send.applicant, staff[SEALS]):
            assert Notice.objects.filter(recipient=person, kind="parcel_overdue").count() == 1


def test_the_desk_lists_what_waits_and_what_asks_for_something_stands_first(
    client, to_collect, to_send, zone
):
    shown = client.get(officers.address(SEALS, "waiting"))
    assert [one.state for one in shown.context["attempts"]] == ["ready", "waits"]
    assert PickUp.objects.get().code not in shown.content.decode()
    press(client, to_send, "send", carrier="sf", tracking_number="SF1234567811")
    press(client, to_send, "outcome", 1, outcome="delivered")
    shown = client.get(officers.address(SEALS, "waiting"))
    assert [one.state for one in shown.context["attempts"]] == ["waits"]
    elsewhere = officers.browser(factories.officer(SEALS, factories.ZoneFactory(code="other")))
    assert not elsewhere.get(officers.address(SEALS, "waiting")).context["attempts"]
    assert press(elsewhere, to_collect, "hand_out").status_code == 404


def test_the_interface_says_how_it_comes_and_keeps_the_code(client, to_collect, to_send):
    press(client, to_send, "send", carrier="sf", tracking_number="SF1234567811")
    found = {}
    for case in (to_collect, to_send):
        answer = officers.browser(case.applicant).get(f"/api/v1/cases/{case.number}/deliveries/")
        found[case.pk] = answer.json()
        assert PickUp.objects.get().code not in answer.content.decode()
    assert [(one["way"], one["state"], one["ended"]) for one in found[to_collect.pk]] == [
        ("window", "waits", False)
    ]
    assert found[to_send.pk][0]["number"] == "SF1234567811"
    assert found[to_send.pk][0]["link"].startswith("https://")
