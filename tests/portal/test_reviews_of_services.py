"""A ticket and a service are reviewed from their own pages, which send their codes along, and at the kiosk."""

import pytest
from django.urls import reverse

from reviews.models import Review
from services.booked import actions
from tests import factories
from tests.factories import MORNING
from tests.officers import browser
from tests.services.booked import had
from tests.services.hall import places

pytestmark = pytest.mark.django_db
BY_CODE = reverse("reviews:by-code")


@pytest.fixture
def zone(travel):
    travel(MORNING)
    return factories.ZoneFactory()


def reviewed(client, answer) -> Review:
    """From the answer to a code to the review that was left."""
    assert answer.status_code == 302, answer.content.decode()[:400]
    sent = client.post(answer.url, {"level": 2, "comment": "等了很久", "confidential": "on"})
    assert sent.status_code == 302
    return Review.objects.get()


@pytest.mark.parametrize("kiosk", [False, True])
def test_a_ticket_from_its_page_or_the_kiosk(client, zone, kiosk):
    officer = places.officer_at(zone, 1)
    ticket = places.take(zone)
    places.served(officer)
    page = client.get(reverse("hall:ticket", args=[ticket.code])).content.decode()
    assert f'action="{BY_CODE}"' in page and f'value="{ticket.code}"' in page
    answer = client.post(BY_CODE + ("?kiosk" if kiosk else ""), {"code": ticket.printed_code})
    review = reviewed(client, answer)
    assert (review.kind, review.way) == ("ticket", "kiosk" if kiosk else "code")
    again = client.post(BY_CODE, {"code": ticket.code})
    twice = client.post(again.url, {"level": 1})
    assert twice.status_code == 422 and Review.objects.count() == 1


def test_a_service_from_its_page(zone):
    had.diary(zone, "home")
    person = factories.UserFactory()
    request = had.home(zone, person)
    actions.refuse(actor=factories.supervisor(zone), request_id=request.pk, reason="不在服务范围")
    web = browser(person)
    page = web.get(reverse("service-request", args=[request.number])).content.decode()
    request.refresh_from_db()
    assert f'action="{BY_CODE}"' in page and f'value="{request.review_code}"' in page
    review = reviewed(web, web.post(BY_CODE, {"code": request.review_code}))
    assert (review.kind, review.service, review.reviewer) == ("service", "home", person)


def test_the_key_of_the_ticket_machine_leads_there(client, zone):
    answer = client.post(
        BY_CODE + "?kiosk", {"code": "AAAA-BBBB"}, headers={"accept-language": "en"}
    )
    assert answer.status_code == 422 and "Nothing has this code" in answer.content.decode()
