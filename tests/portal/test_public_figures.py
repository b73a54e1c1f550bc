"""The public's page: what the daily files add up to, month by month and week by week, of one zone."""

import functools
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from portal.figures import board, files, published, reckoning
from portal.figures.rows import (
    CASE,
    FILED,
    OVERDUE,
    OWNER,
    REPAIR,
    REVIEW,
    STAGE,
    THEME,
    Row,
)
from reviews.actions import leave_review
from tests import driving, factories
from tests.factories import MORNING

pytestmark = pytest.mark.django_db
PAGE = "public-figures"


@pytest.fixture
def zone(travel):
    travel(MORNING)
    return factories.ZoneFactory()


def told(zone, monkeypatch, travel, days):
    """Make the files of some days; on each the given rows happen."""
    factories.filed(zone=zone)
    first = MORNING.date()
    by_day = {first + timedelta(days=place): rows for place, rows in days.items()}

    def happened(_zone, _first, last):
        return [
            (f"{last}:{place}", Row(day=last, company_type="1130", hours="09", **values))
            for place, values in enumerate(by_day.get(last, []))
        ]

    monkeypatch.setattr("portal.figures.reading.happened", happened)
    monkeypatch.setattr("portal.figures.reading.still_overdue", lambda _zone, _day: [])
    travel(MORNING + timedelta(days=max(days) + 1))
    while files.make_due():
        pass


def stages(*minutes, name="tax", limit=15):
    return [
        {"kind": STAGE, "name": name, "minutes": n, "limit": limit, "late": int(n > limit)}
        | {"corrections": int(n > limit)}
        for n in minutes
    ]


def shown(client, **asked) -> str:
    page = client.get(reverse(PAGE), asked, headers={"accept-language": "en"})
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def test_each_period_stands_beside_the_one_before(client, zone, monkeypatch, travel):
    cases = [
        {"kind": CASE, "name": "completed", "corrections": n, "right": int(not n)}
        for n in (0, 0, 0, 1, 0)
    ]
    whose = [{"kind": OWNER, "name": "tax", "minutes": 7}] * 5
    reviews = [
        {"kind": REVIEW, "name": "whole", "level": level, "bad": int(level < 3), "first": 1}
        for level in (5, 5, 5, 4, 2)
    ]
    days = {
        0: [*stages(4, 5, 6, 7, 18), *[{"kind": FILED, "name": "online"}] * 6],
        20: [*stages(10, 11, 12, 13, 14), *cases, *whose, *reviews],
    }
    told(zone, monkeypatch, travel, days)
    page = shown(client)
    april, march = page.index("April 2026"), page.index("March 2026")
    assert april < march and "6 filed, 0 completed" in page[march:]
    latest = page[april:march]
    assert "0 filed, 5 completed" in latest and "Right the first time: 80%" in latest
    assert "+6" in latest, "half within 12 minutes, in March within 6"
    assert "100%" in latest and "80%" in page[march:], "in time"
    assert "Reviews: 5, of them satisfied 80%, 4.2 of 5 on average; 100%" in latest
    assert "by who had it" in latest and " 7" in latest
    weekly = shown(client, by="week")
    assert "Week from 2026-04-06" in weekly and "Week from 2026-03-16" in weekly


def test_a_zone_shows_its_own_and_an_unknown_one_is_not_found(client, zone, monkeypatch, travel):
    other = factories.ZoneFactory(code="other")
    told(other, monkeypatch, travel, {0: stages(1, 2, 3, 4, 5)})
    assert "No day has been told yet" in shown(client)
    assert "March 2026" in shown(client, zone="other")
    assert client.get(reverse(PAGE), {"zone": "nowhere"}).status_code == 404


def test_fewer_than_five_are_told_with_the_next(client, zone, monkeypatch, travel):
    told(zone, monkeypatch, travel, {0: stages(1, 2), 1: stages(3, 4, 5)})
    counted = [file.rows for file in zone.daily_files.order_by("number")]
    assert counted == [0, 5]


def test_a_day_of_which_nothing_can_be_told_yet_has_its_stages(client, zone, monkeypatch, travel):
    told(zone, monkeypatch, travel, {0: stages(1, 2)})
    page = shown(client)
    assert "March 2026" in page and "0 filed, 0 completed" in page and "Tax" in page


def test_the_page_of_reviews_reckons_once_for_each_new_file(
    client, zone, monkeypatch, travel, django_assert_num_queries
):
    good = {"kind": REVIEW, "name": "whole", "level": 5, "bad": 0, "first": 1}
    told(zone, monkeypatch, travel, {0: [good] * 5, 2: [good] * 6})
    assert published.reviews().ever.n == 11
    cache.clear()
    with django_assert_num_queries(1):
        assert published.reviews().ever.n == 11
    travel(MORNING + timedelta(days=5))
    monkeypatch.setattr(
        "portal.figures.reading.happened",
        lambda _zone, _first, last: [
            (f"new:{n}", Row(day=last, company_type="1130", hours="09", **good)) for n in range(7)
        ],
    )
    files.make_due()
    assert published.reviews().ever.n == 18
    assert client.get(reverse("reviews:results")).status_code == 200


def test_what_is_overdue_where_is_not_told_of_few():
    figures = {("2026-03", OVERDUE, "other", "n"): 2, ("2026-03", OVERDUE, "tax", "n"): 6}
    zone = factories.ZoneFactory()
    (march,) = board.periods(zone, figures, board.MONTH, [MORNING.date()])
    assert march.overdue_elsewhere == 2
    assert {line.name: line.overdue for line in march.lines}["tax"] == 6


def test_the_figures_that_are_read_are_those_that_were_written():
    figures = {("2026-03", STAGE, "tax", "n"): 5, ("2026-03", STAGE, "tax", "late"): 0}
    assert reckoning.read(reckoning.as_csv(figures)) == {("2026-03", STAGE, "tax", "n"): 5}


def test_before_anything_is_filed_the_page_says_so(client):
    assert client.get(reverse(PAGE)).status_code == 200


def home(client) -> str:
    page = client.get("/", headers={"accept-language": "en"})
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def test_the_home_page_says_what_the_files_of_thirty_days_add_up_to(
    client, zone, monkeypatch, travel
):
    whole = functools.partial(stages, name="total", limit=120)
    cases = [{"kind": CASE, "name": "completed", "corrections": 0, "right": 1}] * 5
    reviews = [
        {"kind": REVIEW, "name": "whole", "level": level, "bad": int(level < 3), "first": 1}
        for level in (5, 5, 5, 4, 2)
    ]
    days = {0: whole(10, 10, 10, 10, 10), 40: [*whole(60, 61, 69, 80, 130), *cases, *reviews]}
    told(zone, monkeypatch, travel, days)
    page = home(client)
    assert "69 min" in page, "those of forty days before are no longer recent"
    assert "4 of 5 cases" in page and "Good reviews 80%" in page
    assert "30 days up to the end of 2026-04-27, from the signed files" in page


def test_a_case_completed_today_is_not_in_the_figures_of_the_home_page(client, zone):
    driving.completed(zone=zone)
    cache.clear()
    page = home(client)
    assert "1 completed today" in page and "nothing published in 30 days" in page


def test_the_home_page_counts_one_zone(client, zone):
    factories.filed(zone=zone)
    factories.ZoneFactory(code="elsewhere")
    cache.clear()
    assert "1 under way" in home(client)
    elsewhere = client.get("/", {"zone": "elsewhere"}, headers={"accept-language": "en"})
    assert "0 under way" in elsewhere.content.decode()


def test_the_page_of_reviews_says_what_the_files_say_and_counts_nothing_itself(
    client, zone, monkeypatch, travel
):
    reviews = [
        {"kind": REVIEW, "name": "whole", "level": level, "bad": int(level < 3), "first": 1}
        for level in (5, 5, 2, 1, 1)
    ]
    cases = [{"kind": CASE, "name": "completed", "corrections": 0, "right": 1}] * 10
    themes = [{"kind": THEME, "name": "waiting"}] * 6
    repairs = [{"kind": REPAIR, "name": "waiting", "done": int(n < 4)} for n in range(5)]
    told(zone, monkeypatch, travel, {0: [*reviews, *cases, *themes, *repairs], 40: []})
    done = driving.completed(zone=zone)
    leave_review(application_id=done.pk, level=1, actor=done.applicant)
    page = client.get(reverse("reviews:results"), headers={"accept-language": "en"})
    text = " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())
    recent, ever = text.split("Since the beginning")
    assert "No review is published yet." in recent, "they are older than thirty days"
    assert "5 / 6" in recent and "up to the end of 2026-04-27" in recent
    assert "2 of 5 reviews" in ever and "response rate 50%: 5 of 10 cases" in ever
    assert "3 bad; 5 repairs closed, 4 of them solved by the writer's word." in ever
    monthly = " ".join(re.sub(r"<[^>]+>", " ", shown(client)).split())
    march = monthly[monthly.index("March 2026") :]
    assert re.search(r"Bad reviews were about: [^,]+ 6 \(5 closed\)", march)
    assert "Repairs after bad reviews: 5 closed, 4 solved by the writer's word." in march
