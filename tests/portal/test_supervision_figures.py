"""Figures: every number is the length of its list, of summarised days too; files carry the same rows."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from kernel import catalogue
from kernel.accounts.models import Role
from kernel.cases import actions
from kernel.cases.models import Application
from kernel.form import flow
from portal.supervision import exporting, figures, owners
from portal.supervision import scope as scopes
from portal.supervision.scope import Scope
from portal.supervision.tally import Tally
from portal.supervision.tasks import fold_days
from tests import driving, factories
from tests.codes import REGISTRATION
from tests.factories import MORNING

pytestmark = pytest.mark.django_db
NEXT = MORNING + timedelta(days=1)


def scope(zone, at=NEXT, **more) -> Scope:
    return Scope(zone, at.date() - timedelta(days=29), at.date(), at.date(), **more)


def counts(response) -> list[tuple[str, int]]:
    """The numbers of a page that lead to a list, as (address, number)."""
    found = []
    for tag in re.findall(r"<a [^>]*data-count[^>]*>", response.content.decode()):
        address = re.search(r'href="([^"]*)"', tag)[1].replace("&amp;", "&")
        found.append((address, int(re.search(r'data-count="(\d+)"', tag)[1])))
    return found


@pytest.mark.parametrize("folded", [False, True])
def test_the_minutes_of_a_day_have_owners_on_the_page_and_in_the_report(page, zone, travel, folded):
    """One case: four minutes in line, six with the chief representative, the rest at once."""
    officers, case = driving.staff(zone), factories.filed(zone=zone)
    travel(MORNING + timedelta(minutes=4))
    stage = actions.take_next(actor=officers[REGISTRATION])
    travel(MORNING + timedelta(minutes=10))
    driving.close(REGISTRATION, officers[REGISTRATION], case, stage)
    for department in flow.usual()[1:]:
        driving.work(department, officers[department], case)
    travel(NEXT)
    if folded:
        fold_days()
    owned = figures.read(scope(zone), NEXT).owners
    assert owned["total"]["means"] == [6, 4] and owned["total"]["n"] == 1
    with translation.override("en"):
        assert [str(label) for label in owned["labels"]] == [
            "Chief representative",
            "Nobody: in line",
        ]
    assert [row["sum"] for row in owned["days"]] == [10]
    assert "Minutes by owner" in page("figures").content.decode()
    book = load_workbook(io.BytesIO(page("report-file", 2026, 3, "xlsx").getvalue()))
    told = {row[0]: row[1:] for row in book["Owners"].iter_rows(min_row=2, values_only=True)}
    assert (
        len(told) == len(owners.labels()) == len(flow.departments()) + 3
        and round(sum(share for _mean, share in told.values()), 6) == 100
    )
    assert (
        told["Chief representative"] == (6, 60)
        and told["Nobody: in line"] == (4, 40)
        and told["Tax"] == (0, 0)
    )
    text = page("case", case.filing_number).content.decode()
    assert "Minute by minute" in text and "Nobody: in line" in text


def test_a_day_that_was_over_leads_to_its_list_whichever_desk_is_chosen(client, page, zone, travel):
    """The whole case took too long, the bank did not."""
    officers, case = driving.staff(zone), factories.filed(zone=zone)
    travel(MORNING + timedelta(hours=5))
    for department in flow.usual():
        driving.work(department, officers[department], case)
    for query, over in (({}, 1), ({"desk": "registration"}, 1), ({"desk": "banking"}, 0)):
        response = page("figures", **query)
        (row,) = response.context["figures"].days
        assert row["over"] == over
        for address, number in counts(response):
            assert client.get(address).content.decode().count("data-row") == number, address


@given(st.lists(st.floats(0, 10_000), min_size=1, max_size=8))
def test_shares_add_up_to_the_whole_and_each_is_rounded_to_its_tenth(amounts):
    found = owners.shares(amounts)
    assert round(sum(found), 9) == (1 if sum(amounts) else 0)
    exact = [amount / (sum(amounts) or 1) for amount in amounts]
    assert all(abs(share - part) < 0.001001 for share, part in zip(found, exact, strict=True))


@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize(
    "query", [{}, {"type": "1130"}, {"desk": "tax"}, {"from": "2026-03-18", "to": "2026-03-18"}]
)
@pytest.mark.parametrize("name", ["live", "figures", "budgets"])
def test_every_number_is_the_length_of_its_list(client, page, two_days, name, query, folded):
    if folded:
        assert fold_days() == 2  # the first day in both zones
    found = counts(page(name, **query))
    assert found
    for address, number in found:
        text = client.get(address).content.decode()
        assert text.count("data-row") == number, address
        if "/list/" in address:
            assert int(re.search(r'data-total="(\d+)"', text)[1]) == number, address
            assert (
                len(rows_of(client.get(address, {**query_of(address), "format": "csv"})))
                == number + 1
            )


def query_of(address: str) -> dict:
    return dict(pair.split("=") for pair in address.partition("?")[2].split("&") if pair)


def rows_of(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def test_figures_are_what_happened(zone, two_days):
    found = figures.read(scope(zone), NEXT)
    times = {row.clock: row for row in found.times}
    assert (times["licence_and_seals"].n, times["licence_and_seals"].over) == (2, 2), (
        "the one that waits still went over, though it has not finished"
    )
    assert (times["licence_and_seals"].p50, times["licence_and_seals"].p90) == (0, 50)
    assert times["licence_and_seals"].mean == 25
    assert (found.electronic.n, found.electronic.hits) == (5, 5)
    assert sum(n for _hour, n, _url in found.hours) == 5
    assert found.subsidy["n"] == 2
    assert (found.reviews.n, found.reviews.good, found.reviews.answered, found.reviews.cases) == (
        2,
        1,
        2,
        2,
    )
    by_type = {name: times for name, times in found.times_by_type}
    assert len(by_type) == 2
    assert [row["filed"] for row in found.days] == [4, 1]


def test_figures_of_one_company_type_say_which(page):
    with translation.override("en"):
        kind = catalogue.company_type("1151").name
    assert (
        kind
        in page("figures", type="1151")
        .content.decode()
        .partition("</h1>")[2]
        .partition("</div>")[0]
    )


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([], 50, None),
        ([1], 90, 1),
        ([1, 2, 3, 4], 50, 2),
        ([1, 2, 3, 4], 90, 4),
        ([9, 10, 100], 50, 10),
    ],
)
def test_percentiles_are_values_that_occurred(values, percent, expected):
    tally = Tally()
    for value in values:
        tally.add(bucket=value)
    assert tally.percentile(percent) == expected


class TestFiles:
    @pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
    def test_no_cell_begins_a_formula(self, value):
        assert exporting.plain(value).startswith("'")

    def test_numbers_stay_numbers(self):
        assert exporting.plain(-5) == -5
        assert exporting.plain(None) == ""

    def test_csv_and_excel_hold_what_the_page_shows(self, page, zone, two_days):
        Application.objects.filter(pk=two_days["fresh"].pk).update(name="=HYPERLINK(1)")
        rows = rows_of(page("list", "filed", format="csv"))
        book = load_workbook(io.BytesIO(page("list", "filed", format="xlsx").getvalue()))
        sheet = [list(row) for row in book.active.iter_rows(values_only=True)]
        assert len(rows) == len(sheet) == 6
        assert rows[1][1] == sheet[1][1] == "'=HYPERLINK(1)"
        assert book.active["B2"].data_type == "s"

    def test_an_empty_list_is_a_file_with_its_head(self, page, zone):
        assert len(rows_of(page("list", "breaches", format="csv"))) == 1


class TestScope:
    def test_nonsense_in_the_address_is_left_out(self, page, zone):
        query = {
            "from": "x",
            "to": "9999-99-99",
            "desk": "x",
            "type": "x",
            "zone": "x",
            "hour": "²",
            "level": "99",
        }
        for name in ("live", "figures", "budgets"):
            assert page(name, **query).status_code == 200
        for name in ("filed", "reviews", "finished", "breaches"):
            assert page("list", name, **query).status_code == 200

    def test_a_supervisor_sees_their_zone_whatever_they_ask(self, page, zone, two_days):
        assert page("live", zone="neighbour").context["scope"].zone == zone

    def test_the_operator_chooses(self, client, zone, two_days):
        client.force_login(factories.UserFactory(role=Role.OPERATOR))
        for query, code in (
            ({}, "neighbour"),
            ({"zone": "test"}, "test"),
            ({"zone": "x"}, "neighbour"),
        ):
            for name in ("live", "figures", "budgets", "escalations"):
                assert (
                    client.get(reverse(f"supervision:{name}"), query).context["scope"].zone.code
                    == code
                )
        shown = client.get(reverse("supervision:list", args=["filed"]), {"zone": "neighbour"})
        case = reverse("supervision:case", args=[two_days["neighbour"].number])
        assert case in shown.content.decode() and client.get(case).status_code == 200
        page = client.get(reverse("supervision:reviews"), {"zone": "test"})
        (row,) = page.context["page"]
        leads_to = reverse("supervision:follow-up", args=[row.pk]) + "?zone=test"
        assert leads_to in page.content.decode() and client.get(leads_to).status_code == 200
        book = client.get(
            reverse("supervision:report-file", args=[2026, 3, "xlsx"]), {"zone": "test"}
        )
        assert book.getvalue().startswith(b"PK")

    @pytest.mark.parametrize("flags", [{}, {"is_staff": True, "is_superuser": True}])
    def test_an_administrator_has_one_zone_whatever_flags_say(self, client, zone, two_days, flags):
        client.force_login(factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone, **flags))
        for query in ({"zone": "neighbour"}, {"zone": "neighbour", "format": "csv"}):
            shown = client.get(reverse("supervision:list", args=["filed"]), query)
            text = (b"".join(shown) if shown.streaming else shown.content).decode()
            assert two_days["neighbour"].number not in text and two_days["done"].number in text

    def test_days_are_turned_round_and_kept_within_a_year(self, rf, zone):
        request = rf.get("/", {"from": "2020-01-01", "to": "2026-03-01"})
        request.user = factories.supervisor(zone)
        found = scopes.read(request, NEXT)
        assert (found.days, found.last) == (366, date(2026, 3, 1))


class TestReport:
    def test_paper_and_workbook(self, page, two_days):
        paper = page("report-file", 2026, 3, "pdf")
        assert paper.content.startswith(b"%PDF")
        book = load_workbook(io.BytesIO(page("report-file", 2026, 3, "xlsx").getvalue()))
        summary = {row[0]: row[1] for row in book.worksheets[0].iter_rows(values_only=True)}
        assert 5 in summary.values()
        titles = [sheet.title for sheet in book.worksheets]
        assert len(titles) == 16 and "Tickets by day" in titles

    @pytest.mark.parametrize(
        "asked", [(2026, 4, "pdf"), (2026, 13, "pdf"), (1999, 1, "pdf"), (2026, 3, "doc")]
    )
    def test_what_there_is_not(self, page, zone, asked):
        assert page("report-file", *asked).status_code == 404
