"""The supervisor's pages: a tile is the length of its list, for the right people, in a constant number of queries."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel.accounts.models import Role, roles
from kernel.cases import actions
from kernel.cases.models import Application, Escalation, Event, Objection
from kernel.form import flow
from kernel.sla.models import Clock
from portal.supervision import figures, lists, running
from portal.supervision.scope import Scope
from tests import driving, factories, seconds
from tests.codes import REGISTRATION, SEALS
from tests.factories import MORNING

pytestmark = pytest.mark.django_db
PAGES = [
    "live",
    "live-fragment",
    "period-fragment",
    "cases",
    "search",
    "breaches",
    "escalations",
    "objections",
    "reviews",
    "figures",
    "budgets",
    "report",
]
AT = MORNING + timedelta(minutes=68)


def scope(zone, at=AT, **more) -> Scope:
    today = at.date()
    return Scope(zone, today - timedelta(days=29), today, today, **more)


def listed(zone, name, at=AT, **asked):
    return lists.LIST[name].rows(scope(zone, at), at, asked)


@pytest.fixture
def supervisor(zone):
    return factories.supervisor(zone)


@pytest.fixture
def page(client, supervisor):
    client.force_login(supervisor)
    return lambda name, *args, **query: client.get(reverse(f"supervision:{name}", args=args), query)


@pytest.fixture
def day(zone, travel):
    """A zone at 10:20: a case overdue since 9:57, one at risk, fresh, with its applicant, done, and asked about; and a
    neighbour's overdue case."""
    officers = driving.staff(zone)
    chief = officers[REGISTRATION]
    cases = {"overdue": factories.filed(zone=zone), "done": driving.completed(zone=zone)}
    neighbour = factories.filed(zone=factories.ZoneFactory(code="neighbour"))
    travel(MORNING + timedelta(minutes=30))
    cases["at_risk"] = factories.filed(zone=zone)
    travel(MORNING + timedelta(minutes=60))
    cases["fresh"], cases["returned"] = factories.filed(zone=zone), factories.filed(zone=zone)
    cases["asked"] = factories.filed(zone=zone)
    stage = actions.take(actor=chief, stage_id=factories.stage(cases["returned"], REGISTRATION).pk)
    ground = {"standard": "S-01", "fields": ["name.trade_name"], "how_to_fix": "another name"}
    actions.return_stage(actor=chief, stage_id=stage.pk, round=1, grounds=[ground])
    stage = actions.take(actor=chief, stage_id=factories.stage(cases["asked"], REGISTRATION).pk)
    actions.escalate(actor=chief, stage_id=stage.pk, question="May it?")
    travel(MORNING + timedelta(minutes=68))
    return {**cases, "neighbour": neighbour}


EXPECTED = {
    "overdue": {"overdue"},
    "at_risk": {"at_risk"},
    "breached_today": {"overdue"},
    "running": {"overdue", "at_risk", "fresh", "returned", "asked"},
    "filed_today": {"overdue", "done", "at_risk", "fresh", "returned", "asked"},
    "done_today": {"done"},
}


def tiles(response) -> list[tuple[str, int]]:
    nav = re.search(r'<nav class="tiles.*?</nav>', response.content.decode(), re.S).group()
    found = re.findall(r'<a href="([^"]+)"[^>]*>.*?<b>(\d+)', nav, re.S)
    return [(address, int(number)) for address, number in found]


def test_each_tile_is_the_length_of_its_list(client, page, day):
    shown = tiles(page("live"))
    # Beside these the questions, the missing reasons, and what an applicant has left waiting or is worth a look.
    rare = [address for address, _n in shown if re.search("/(long_waits|worth_a_look)/", address)]
    assert len(shown) == len(lists.TILES) + 2 + len(rare)
    for address, number in shown:
        listed = client.get(address).content.decode()
        assert listed.count("data-row") == number, address


def objected(case) -> Objection:
    person, proof = str(case.people.order_by("pk").first().uid), {"by": "test"}
    return actions.object_to(
        application_id=case.pk, person=person, kind=Objection.Kind.NOT_ME, proof=proof
    )


def test_who_refused_to_sign_stands_in_the_bar_and_on_the_first_page(client, page, day, supervisor):
    address = reverse("supervision:objections")

    def in_the_bar() -> str:
        bar = page("figures").content.decode().partition(f'<a href="{address}">')[2]
        return " ".join(re.sub("<[^>]*>", " ", bar.partition("</a>")[0]).split())

    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    objected(day["neighbour"])
    assert in_the_bar() == "Refusals"
    assert address not in dict(tiles(page("live")))
    before, after = objected(day["fresh"]), objected(day["done"])
    assert in_the_bar() == "Refusals 2"
    for part in ("live", "live-fragment"):
        assert dict(tiles(page(part)))[address] == 2
    assert page("objections").content.decode().count("data-row") == 2
    for row, outcome in ((before, "dismissed"), (after, "upheld")):
        given = {"outcome": outcome, "note": "They came to the window."}
        assert client.post(reverse("supervision:decide", args=[row.pk]), given).status_code == 302
    assert in_the_bar() == "Refusals"
    assert address not in dict(tiles(page("live")))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_list_holds_its_cases_and_no_neighbours(zone, day, name):
    found = listed(zone, name)
    numbers = {key: case.number for key, case in day.items()}
    assert {case.number for case in found} == {numbers[key] for key in EXPECTED[name]}


def test_the_figures_are_right_with_no_worker(page, day):
    """No sweep has run: nothing is claimed, and still the tiles say what is late."""
    assert not Clock.objects.filter(alarm_level__gt=0, name__in=flow.clocks()).exists()
    assert dict(tiles(page("live")))[reverse("supervision:list", args=["overdue"])] == 1


def test_a_case_stopped_in_time_is_no_breach_and_one_stopped_late_is(zone, travel):
    officers = driving.staff(zone)
    late = factories.filed(zone=zone)
    travel(MORNING + timedelta(minutes=50))
    for department in (REGISTRATION, SEALS):
        driving.work(department, officers[department], late)
    at = MORNING + timedelta(minutes=51)
    assert [case.pk for case in listed(zone, "breached_today", at)] == [late.pk]
    assert not listed(zone, "overdue", at)
    tomorrow = at + timedelta(days=1)
    assert not listed(zone, "breached_today", tomorrow).filter(
        uid__in=Clock.objects.filter(name="licence_and_seals").values("owner"), state=flow.COMPLETED
    )


def test_clocks_stand_breached_first_then_by_share(zone, day):
    found = running.runs(scope(zone), AT)
    assert found.total == len(found.rows) == 5
    states = [run.clock.state for run in found.rows]
    assert states[:2] == ["breached", "at_risk"]
    assert states[-1] == "paused"
    shares = [run.clock.share for run in found.rows[1:-1]]
    assert shares == sorted(shares, reverse=True)
    assert found.rows[0].application == day["overdue"]


def test_more_clocks_than_the_page_shows_are_said(zone, day):
    found = running.runs(scope(zone), AT, limit=2)
    assert (len(found.rows), found.total, found.more) == (2, 5, 3)
    assert found.rows[0].clock.state == "breached"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_costs_the_same_however_much_there_is(page, zone, name):
    counts = []
    for more in (1, 3):
        for _place in range(more):
            factories.filed(zone=zone)
        with CaptureQueriesContext(connection) as queries:
            assert page(name).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 42  # two of them count what waits behind links of the bar


@pytest.mark.parametrize("role", dict(roles()))
@pytest.mark.parametrize("name", PAGES)
def test_only_overseers_come_in(client, zone, role, name):
    client.force_login(
        factories.UserFactory(role=role, zone=None if role == Role.APPLICANT else zone)
    )
    allowed = role in (Role.SUPERVISOR, Role.ADMINISTRATOR, Role.OPERATOR)
    assert client.get(reverse(f"supervision:{name}")).status_code == (200 if allowed else 403)


def test_strangers_log_in_and_a_live_page_reloads(client):
    assert client.get(reverse("supervision:live")).status_code == 302
    polled = client.get(reverse("supervision:live-fragment"), headers={"HX-Request": "true"})
    assert polled.headers["HX-Refresh"] == "true"


def test_a_case_in_full(page, day):
    text = page("case", day["done"].number).content.decode()
    assert day["done"].number in text
    assert (
        len(re.findall(r"<li>\s*<time", text))
        == Event.objects.filter(application=day["done"]).count()
    )
    assert page("case", day["neighbour"].number).status_code == 404
    assert page("case", day["fresh"].ref).status_code == 200


def test_a_case_in_full_shows_no_personal_data(page, day):
    text = page("case", day["done"].number).content.decode()
    people = day["done"].people.all()
    assert people
    for person in people:
        for secret in (person.data["id_number"], person.data["phone"]):
            assert secret not in text
    assert day["done"].applicant.real_name not in text


def test_a_broken_chain_is_said(page, day, monkeypatch):
    assert "is-breach" not in trail_head(page("case", day["done"].number))
    monkeypatch.setattr("kernel.cases.trail.digest", lambda event, previous: "another")
    assert "is-breach" in trail_head(page("case", day["done"].number))


def trail_head(response) -> str:
    return re.search(r'id="h-trail".*?</div>', response.content.decode(), re.S).group()


def test_the_search_finds_by_number_name_and_code(page, day):
    done = Application.objects.get(pk=day["done"].pk)
    number = done.number.replace("-", "")
    for asked in (done.number[-8:], number, done.name[2:8], done.uscc, done.uscc.lower()):
        assert done.number in page("search", q=asked).content.decode()
    assert done.number not in page("search", q=done.uscc[:10]).content.decode()
    assert page("search", q="'\"<%\0").status_code == 200
    assert day["neighbour"].number not in page("search", q="2026").content.decode()


def test_breaches_are_listed_with_who_held_them(page, day):
    text = page("breaches").content.decode()
    assert text.count("data-row") == 1
    assert day["overdue"].number in text


def test_a_number_that_cannot_be_stored_is_not_found(page, zone):
    assert page("case", "\0").status_code == 404


def test_an_unknown_list_is_not_found(page, zone):
    assert page("cases", list="nonsense").status_code == 404
    assert page("list", "nonsense").status_code == 404


class TestDecisions:
    def test_an_answer_reaches_the_window_once(self, client, page, day):
        asked = Escalation.objects.get()
        client.force_login(factories.supervisor(day["asked"].zone))
        address = reverse("supervision:answer", args=[asked.pk])
        assert client.post(address, {"answer": ""}).status_code == 422
        assert client.post(address, {"answer": "It may."}).status_code == 302
        asked.refresh_from_db()
        assert asked.answer == "It may."
        second = client.post(address, {"answer": "It may not."})
        assert second.status_code == 422
        asked.refresh_from_db()
        assert asked.answer == "It may."

    def test_a_decline_needs_its_legal_basis(self, client, page, day):
        case = day["fresh"]
        address = reverse("supervision:decline", args=[case.number])
        refused = client.post(address, {"legal_basis": ""})
        assert refused.status_code == 422
        assert "<details" in refused.content.decode()
        alone = client.post(address, {"legal_basis": "Article 24"})
        assert alone.status_code == 422, "nobody can be the second"
        seconds.with_a_second(case.zone)
        assert client.post(address, {"legal_basis": "Article 24"}).status_code == 302
        assert Application.objects.get(pk=case.pk).state == flow.LICENSING, "one person asked"
        seconds.agree_to_all()
        case = Application.objects.get(pk=case.pk)
        assert case.state == flow.DECLINED

    def test_an_administrator_looks_but_does_not_decide(self, client, day):
        case = day["fresh"]
        client.force_login(factories.UserFactory(role=Role.ADMINISTRATOR, zone=case.zone))
        assert client.get(reverse("supervision:case", args=[case.number])).status_code == 200
        refused = client.post(
            reverse("supervision:decline", args=[case.number]), {"legal_basis": "kept"}
        )
        assert refused.status_code == 422
        assert "kept" in refused.content.decode()
        assert Application.objects.get(pk=case.pk).state == flow.LICENSING

    def test_after_the_licence_nobody_declines(self, client, page, day):
        refused = client.post(
            reverse("supervision:decline", args=[day["done"].number]), {"legal_basis": "late"}
        )
        assert refused.status_code == 422


def test_the_period_counts_finished_clocks_beside_the_standards(zone, travel):
    driving.handed_over(factories.officer(SEALS, zone), driving.completed(zone=zone))
    broken_off = factories.filed(zone=zone)
    travel(MORNING + timedelta(minutes=30))
    actions.withdraw(actor=broken_off.applicant, application_id=broken_off.pk)
    found = figures.read(scope(zone), AT)
    times = {row.standard: row for row in found.times}
    assert set(times) == {45, 15, 75, 120}
    assert times[120].n == times[45].n == 1
    assert (found.electronic.n, found.electronic.share) == (2, 1.0)
    assert found.subsidy["n"] == 1
    assert found.reviews.cases == 1


def test_a_year_without_holidays_is_said(page, zone, travel):
    from kernel.sla.workdays import LAST_KNOWN_YEAR

    travel(MORNING.replace(year=LAST_KNOWN_YEAR))  # it isn't announced before the autumn
    assert "is-warning" not in page("live").content.decode()
    travel(MORNING.replace(year=LAST_KNOWN_YEAR, month=11))
    text = page("live").content.decode()
    assert "is-warning" in text
    assert str(LAST_KNOWN_YEAR + 1) in text
