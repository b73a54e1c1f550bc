"""What a supervisor does about a late case: urge, reassign, extend; and the reason that each breach asks for."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kernel.accounts.models import Role
from kernel.cases import actions, breaches, trail
from kernel.cases.models import Application, BreachReason, Event, Stage
from kernel.core.errors import Incomplete, NotAllowed, Refused, Stale
from kernel.sla import clocks, sweeping
from kernel.sla.clock_view import view
from kernel.sla.models import Alarm, Clock, Level, Span
from portal.notices.models import Notice
from tests import driving, factories
from tests.codes import REGISTRATION, TAX
from tests.factories import MORNING

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(zone):
    return factories.supervisor(zone)


@pytest.fixture
def held(zone):
    """A case that its chief representative has taken."""
    officers = driving.staff(zone)
    case = factories.filed(zone=zone)
    actions.take(actor=officers[REGISTRATION], stage_id=factories.stage(case, REGISTRATION).pk)
    return case


def stage(case) -> Stage:
    return factories.stage(case, REGISTRATION)


def clock(case, name="licence_and_seals") -> Clock:
    return Clock.objects.get(owner=case.uid, name=name)


def told(kind) -> set[int]:
    return set(Notice.objects.filter(kind=kind).values_list("recipient", flat=True))


def whole(case) -> bool:
    return not trail.faults(Application.objects.get(pk=case.pk))


def sweep(at) -> None:
    while sweeping.claim_due(at):
        pass


class TestUrge:
    def test_the_holder_is_told(self, supervisor, held):
        actions.urge(actor=supervisor, stage_id=stage(held).pk)
        assert told("urged") == {stage(held).holder_id}
        assert held.events.filter(kind=Event.Kind.URGED).count() == 1
        assert whole(held)

    def test_in_line_the_whole_desk_is_told(self, supervisor, zone):
        chiefs = {factories.officer(REGISTRATION, zone).pk for _ in range(2)}
        factories.officer(TAX, zone)
        actions.urge(actor=supervisor, stage_id=stage(factories.filed(zone=zone)).pk)
        assert told("urged") == chiefs

    def test_the_page_says_who_was_told(self, client, supervisor, zone, held):
        client.force_login(supervisor)
        waiting = factories.filed(zone=zone)
        for case, said in (
            (held, "The holder is told."),
            (waiting, "everybody who works at the desk is told"),
        ):
            url = reverse("supervision:urge", args=[case.number, stage(case).pk])
            page = client.post(url, follow=True, headers={"accept-language": "en"})
            assert said in page.content.decode()

    def test_only_a_supervisor_of_the_zone(self, held):
        for actor in (
            stage(held).holder,
            factories.supervisor(factories.ZoneFactory(code="other")),
        ):
            with pytest.raises(NotAllowed):
                actions.urge(actor=actor, stage_id=stage(held).pk)

    def test_not_what_waits_or_is_done(self, supervisor, held):
        with pytest.raises(Stale):
            actions.urge(actor=supervisor, stage_id=factories.stage(held, TAX).pk)


class TestReassign:
    def test_another_officer_of_the_desk_and_the_span_goes_on(self, supervisor, zone, held):
        before, other = stage(held).holder_id, factories.officer(REGISTRATION, zone)
        spans = list(Span.objects.order_by("pk").values())
        actions.reassign(
            actor=supervisor, stage_id=stage(held).pk, officer_id=other.pk, reason="ill"
        )
        assert stage(held).holder_id == other.pk
        assert list(Span.objects.order_by("pk").values()) == spans
        assert (told("assigned"), told("reassigned")) == ({other.pk}, {before})
        assert whole(held)
        with pytest.raises(Refused):
            actions.reassign(
                actor=supervisor, stage_id=stage(held).pk, officer_id=other.pk, reason="again"
            )

    def test_nobody_of_another_desk_zone_or_gone(self, supervisor, zone, held):
        strangers = [
            factories.officer(TAX, zone),
            factories.officer(REGISTRATION, factories.ZoneFactory(code="x")),
            factories.officer(REGISTRATION, zone, is_active=False),
            factories.UserFactory(),
        ]
        for stranger in strangers:
            with pytest.raises(NotAllowed):
                actions.reassign(
                    actor=supervisor, stage_id=stage(held).pk, officer_id=stranger.pk, reason="x"
                )

    def test_needs_a_reason(self, supervisor, zone, held):
        other = factories.officer(REGISTRATION, zone)
        with pytest.raises(Incomplete):
            actions.reassign(
                actor=supervisor, stage_id=stage(held).pk, officer_id=other.pk, reason=" "
            )


class TestExtend:
    def extend(
        self, actor, case, minutes=15, ground="the network was down", name="licence_and_seals"
    ):
        return actions.extend(
            actor=actor, application_id=case.pk, clock=name, minutes=minutes, ground=ground
        )

    def test_the_deadline_moves_and_the_budget_stays(self, supervisor, held):
        due = clock(held).due_at
        self.extend(supervisor, held)
        row = clock(held)
        assert (row.budget_minutes, row.extension_minutes, row.limit_minutes) == (45, 15, 60)
        assert row.due_at == due + timedelta(minutes=15)
        shown = view(row, MORNING)
        assert (shown.limit, shown.extended, shown.left) == (60, 15, 60)
        assert told("extended") == {held.applicant_id, stage(held).holder_id}
        assert whole(held)

    def test_a_paused_clock_runs_longer_when_it_resumes(self, supervisor, held, travel):
        travel(MORNING + timedelta(minutes=10))
        ground = {"standard": "S-01", "fields": ["name.trade_name"], "how_to_fix": "another name"}
        actions.return_stage(
            actor=stage(held).holder, stage_id=stage(held).pk, round=1, grounds=[ground]
        )
        self.extend(supervisor, held)
        row = clock(held)
        assert row.due_at is None and row.spent == timedelta(minutes=10)
        clocks.resume(row, MORNING + timedelta(minutes=20))
        assert row.due_at == MORNING + timedelta(minutes=70)

    def test_each_limit_is_announced_once_and_the_first_breach_stays(
        self, supervisor, held, travel
    ):
        late = MORNING + timedelta(minutes=46)
        travel(late)
        sweep(late)
        first = clock(held).breached_at
        self.extend(supervisor, held, 30)
        assert view(clock(held), late).state == "half"
        sweep(late)
        later = travel(MORNING + timedelta(minutes=80))
        sweep(MORNING + timedelta(minutes=80))
        row = clock(held)
        assert row.breached_at == first == MORNING + timedelta(minutes=45)
        found = Alarm.objects.filter(clock=row).order_by("pk").values_list("level", "limit_minutes")
        assert list(found) == [(1, 45), (2, 45), (Level.BREACH, 45), (2, 75), (Level.BREACH, 75)], (
            later
        )

    def test_a_breach_that_no_sweep_saw_is_kept(self, supervisor, held, travel):
        travel(MORNING + timedelta(minutes=50))
        self.extend(supervisor, held)
        assert clock(held).breached_at == MORNING + timedelta(minutes=45)

    @pytest.mark.parametrize(("minutes", "ground"), [(0, "x"), (481, "x"), (-5, "x"), (15, " ")])
    def test_needs_minutes_and_a_ground(self, supervisor, held, minutes, ground):
        with pytest.raises(Incomplete):
            self.extend(supervisor, held, minutes, ground)

    def test_only_a_supervisor_and_only_a_clock_that_goes(self, supervisor, held):
        with pytest.raises(NotAllowed):
            self.extend(stage(held).holder, held)
        with pytest.raises(Stale):
            self.extend(supervisor, held, name="tax")


class TestReasons:
    def explain(self, actor, case, **given):
        given = {
            "clock": "licence_and_seals",
            "category": "people",
            "text": "two were ill",
            **given,
        }
        return actions.explain_breach(actor=actor, application_id=case.pk, **given)

    @pytest.fixture
    def late(self, held, travel):
        travel(MORNING + timedelta(minutes=46))
        return held

    @pytest.mark.parametrize("who", ["supervisor", "holder"])
    def test_the_supervisor_or_the_holder_says_why_once(self, supervisor, late, who):
        actor = supervisor if who == "supervisor" else stage(late).holder
        self.explain(actor, late)
        assert BreachReason.objects.get().given_by == actor
        assert whole(late)
        with pytest.raises(Refused):
            self.explain(supervisor, late)

    def test_nobody_else(self, zone, late):
        for actor in (factories.officer(REGISTRATION, zone), late.applicant):
            with pytest.raises(NotAllowed):
                self.explain(actor, late)

    def test_within_the_limit_there_is_nothing_to_explain(self, supervisor, held):
        with pytest.raises(Stale):
            self.explain(supervisor, held)

    @pytest.mark.parametrize("given", [{"category": "x"}, {"text": " "}])
    def test_needs_a_category_and_a_text(self, supervisor, late, given):
        with pytest.raises(Incomplete):
            self.explain(supervisor, late, **given)

    def test_a_clock_over_several_desks_asks_only_where_no_desk_went_over(
        self, zone, supervisor, travel
    ):
        officers = driving.staff(zone)
        case = factories.filed(zone=zone)
        travel(MORNING + timedelta(minutes=150))  # 45 and 120 have passed
        driving.work(REGISTRATION, officers[REGISTRATION], case)
        at = MORNING + timedelta(minutes=150)
        assert Clock.objects.filter(breaches.late(at), owner=case.uid).count() == 2
        assert [row.name for row in breaches.unexplained(case, at)] == ["licence_and_seals"]


class TestPages:
    """The same through the supervisor's pages."""

    @pytest.fixture
    def late(self, held, travel):
        travel(MORNING + timedelta(minutes=46))
        return held

    @pytest.fixture
    def send(self, client, supervisor):
        client.force_login(supervisor)

        def send(case, name, *more, **typed):
            return client.post(reverse(f"supervision:{name}", args=[case.number, *more]), typed)

        return send

    def test_urge(self, send, held):
        assert send(held, "urge", stage(held).pk).status_code == 302
        assert told("urged") == {stage(held).holder_id}
        assert send(held, "urge", 0).status_code == 404
        assert send(held, "urge", factories.stage(held, TAX).pk).status_code == 302
        assert told("urged") == {stage(held).holder_id}

    def test_reassign(self, send, zone, held):
        other, stranger = (
            factories.officer(REGISTRATION, zone),
            factories.officer(TAX, zone),
        )
        refused = send(
            held, "reassign", to=f"{stage(held).pk}:{stranger.pk}", reason="kept as typed"
        )
        assert refused.status_code == 422
        assert "kept as typed" in refused.content.decode()
        assert (
            send(held, "reassign", to=f"{stage(held).pk}:{other.pk}", reason="ill").status_code
            == 302
        )
        assert stage(held).holder_id == other.pk

    def test_extend(self, send, client, held):
        for typed in ({"minutes": "x"}, {"minutes": 999}, {"minutes": 5, "ground": ""}):
            refused = send(
                held, "extend", **{"clock": "licence_and_seals", "ground": "kept as typed", **typed}
            )
            assert refused.status_code == 422
        assert (
            send(
                held, "extend", clock="licence_and_seals", minutes=15, ground="the flood"
            ).status_code
            == 302
        )
        assert (
            "the flood"
            in client.get(reverse("supervision:case", args=[held.number])).content.decode()
        )
        client.force_login(held.applicant)
        assert (
            "the flood"
            in client.get(reverse("filing:tasks", args=[held.number]), follow=True).content.decode()
        )

    @pytest.mark.parametrize("who", ["supervisor", "holder"])
    def test_reason(self, client, supervisor, late, who):
        client.force_login(supervisor if who == "supervisor" else stage(late).holder)
        address = reverse("supervision:reason", args=[late.number])
        assert client.get(address).status_code == 200
        typed = {"clock": "licence_and_seals", "category": "people", "text": "kept as typed"}
        refused = client.post(address, {**typed, "category": ""})
        assert refused.status_code == 422
        assert "kept as typed" in refused.content.decode()
        assert client.post(address, typed).status_code == 302
        client.force_login(supervisor)
        for page in ("breaches", "case"):
            args = [late.number] if page == "case" else []
            assert (
                "kept as typed"
                in client.get(reverse(f"supervision:{page}", args=args)).content.decode()
            )
        shown = client.get(reverse("supervision:breaches"), {"reason": "none"})
        assert shown.content.decode().count("data-row") == 0

    def test_the_desk_leads_its_holder_to_the_reason(self, client, held, travel):
        client.force_login(stage(held).holder)
        address, reason = (
            reverse(name, args=[held.number]) for name in ("window:case", "supervision:reason")
        )
        assert reason not in client.get(address).content.decode()
        travel(MORNING + timedelta(minutes=46))
        assert reason in client.get(address).content.decode()

    def test_a_colleague_finds_nothing_to_explain(self, client, zone, late):
        client.force_login(factories.officer(REGISTRATION, zone))
        address = reverse("supervision:reason", args=[late.number])
        assert client.get(address).status_code == 403
        typed = {"clock": "licence_and_seals", "category": "people", "text": "x"}
        assert client.post(address, typed).status_code == 403
        assert not BreachReason.objects.exists()

    @pytest.mark.parametrize("name", ["reassign", "extend"])
    def test_an_administrator_looks_but_does_not_act(self, client, zone, held, name):
        other = factories.officer(REGISTRATION, zone)
        client.force_login(factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone))
        typed = {
            "to": f"{stage(held).pk}:{other.pk}",
            "reason": "x",
            "clock": "licence_and_seals",
            "minutes": 5,
            "ground": "x",
        }
        assert (
            client.post(reverse(f"supervision:{name}", args=[held.number]), typed).status_code
            == 422
        )

    @pytest.mark.parametrize("name", ["reassign", "extend", "reason"])
    def test_nobody_of_another_zone(self, client, held, name):
        client.force_login(factories.supervisor(factories.ZoneFactory(code="other")))
        assert client.post(reverse(f"supervision:{name}", args=[held.number])).status_code == 404
