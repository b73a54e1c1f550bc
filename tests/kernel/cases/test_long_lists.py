"""A list that isn't whole says so, and a head that counts counts all."""

import pytest
from django.urls import reverse
from django.utils import timezone

from kernel.cases import queries
from kernel.cases.queries import desk_queue, first
from kernel.desks import search as desk_search
from tests import factories
from tests.applicant import text

pytestmark = pytest.mark.django_db


def test_the_first_of_many_rows():
    assert first([1, 2, 3], 2) == ([1, 2], True)
    assert first([1, 2], 2) == ([1, 2], False)


def test_the_head_of_a_line_counts_all_of_it(client, travel, monkeypatch):
    travel(factories.MORNING)
    filed = [factories.filed("1151") for _turn in range(1)]
    filed += [factories.filed("1151", zone=filed[0].zone) for _turn in range(2)]
    officer = factories.officer("registration", filed[0].zone)
    monkeypatch.setattr(queries, "LISTED", 2)
    monkeypatch.setattr(desk_search, "LISTED", 2)
    queue = desk_queue(officer, timezone.now())
    assert (len(queue.line), queue.in_line) == (2, 3)
    client.force_login(officer)
    client.cookies["language"] = "en"
    page = text(client.get(reverse("window:queue")))
    assert "in line 3" in page and "The first 2 are shown" in page
    found = text(client.get(reverse("window:search"), {"q": "KB-"}))
    assert "The first 2 are shown" in found
