"""The lists behind the supervisor's figures: each shows the rows that its figure counts, and no other."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from banking.models import Account
from kernel.cases.models import Application
from portal.supervision import lists
from portal.supervision.scope import Scope
from tests import driving, factories, officers

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(zone):
    return officers.browser(factories.supervisor(zone))


@pytest.fixture
def cases(zone):
    """Completed: by video, with a visit to the bank, and one that was filed in the hall."""
    video, visit, hall = (driving.completed(zone=zone) for _case in range(3))
    Account.objects.filter(application=video).update(meeting="video")
    Account.objects.filter(application=visit).update(meeting="face")
    Account.objects.filter(application=hall).update(meeting="video")
    Application.objects.filter(pk=hall.pk).update(channel=Application.Channel.COUNTER)
    return video, visit, hall


def listed(client, name, **asked) -> set:
    page = client.get(reverse("supervision:list", args=[name]), asked).context["page"]
    return {row.pk for row in page}


def test_behind_the_share_without_a_visit_stand_those_without_one(supervisor, cases):
    video, _visit, _hall = cases
    assert listed(supervisor, "completed") == {case.pk for case in cases}
    assert listed(supervisor, "completed", visit="none") == {video.pk}


def test_it_has_as_many_rows_as_the_share_counts(supervisor, cases, zone):
    figure = supervisor.get(reverse("supervision:figures")).content.decode()
    assert "visit=none" in figure, "the figure leads to the list"


@pytest.mark.engines
def test_the_looks_of_some_days_are_found_without_reading_the_whole_trail(zone):
    today = factories.MORNING.date()
    scope = Scope(zone, today - timedelta(days=6), today, today)
    rows = lists.LIST["looked"].rows(scope, factories.MORNING, {})
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "event_looks" in rows.explain()
