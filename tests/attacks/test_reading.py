"""Reading what one need not, and being seen: over the pages and the interface, as staff do."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from kernel.cases import actions, issuing, trail
from kernel.cases.models import Document, Event
from portal.supervision.models import Export
from tests import driving, factories
from tests.applicant import body
from tests.codes import REGISTRATION, TAX
from tests.factories import MORNING

pytestmark = pytest.mark.django_db
READ = Event.Kind.READ


@pytest.fixture(autouse=True)
def clock(travel):
    travel(MORNING)
    return lambda hours: travel(MORNING + timedelta(hours=hours))


@pytest.fixture
def zone():
    return factories.ZoneFactory()


@pytest.fixture
def staff(zone):
    return driving.staff(zone)


@pytest.fixture
def case(zone, staff):
    """In the hands of the window's officer."""
    case = factories.filed(zone=zone)
    actions.take(actor=staff[REGISTRATION], stage_id=case.stages.get(department=REGISTRATION).pk)
    return case


def opened(client, user, address: str, **more):
    client.force_login(user)
    client.cookies["language"] = "en"
    answer = client.get(address, **more)
    if answer.streaming:
        assert body(answer)
    return answer


def upload(case):
    return case.materials.filter(kind="id_copies").first()


def doors(case) -> list[str]:
    """To an upload: the file, its pages, a page, a small picture."""
    args = [case.number, upload(case).uid]
    return [
        reverse("files:material", args=args),
        reverse("files:pages", args=args),
        reverse("files:page", args=[*args, 1]),
        reverse("files:picture", args=args),
    ]


def looks(case) -> list[Event]:
    return list(case.events.filter(kind=READ))


def test_the_picture_of_a_card_is_opened_on_record_by_whoever_has_the_case(client, case, staff):
    officer = staff[REGISTRATION]
    for door in doors(case) * 2:
        opened(client, officer, door)
    (look,) = looks(case)
    assert look.actor == officer and look.data["what"] == ["materials.id_copies"]
    case.refresh_from_db()
    assert trail.faults(case) == []


def test_another_look_an_hour_later_is_another_event(client, case, staff, clock):
    opened(client, staff[REGISTRATION], doors(case)[0])
    clock(1.1)
    opened(client, staff[REGISTRATION], doors(case)[0])
    assert len(looks(case)) == 2


def test_who_is_not_at_work_on_the_case_has_no_upload_of_it_by_any_door(client, case, staff, zone):
    colleague, tax = factories.officer(REGISTRATION, zone), staff[TAX]
    for user in (colleague, tax, factories.supervisor(zone)):
        for door in doors(case):
            assert opened(client, user, door).status_code == 404, door
    assert looks(case) == []


def test_a_paper_of_a_case_not_in_hand_is_opened_on_record(client, zone, staff):
    case = factories.filed(zone=zone)
    paper = issuing.make(Document.objects.get(application=case, kind=Document.Kind.RECEIPT))
    addresses = [
        reverse("files:document", args=[case.number, paper.uid]),
        reverse("api-document-file", args=[paper.uid]),
        reverse("files:documents", args=[case.number]),
    ]
    supervisor = factories.supervisor(zone)
    for address in addresses:
        assert opened(client, supervisor, address).status_code == 200
    look = looks(case)[0]
    assert look.actor == supervisor and f"papers.{paper.kind}" in look.data["what"]


def test_the_applicant_reads_their_own_without_an_event_and_sees_who_else_did(client, case, staff):
    opened(client, staff[REGISTRATION], doors(case)[0])
    assert opened(client, case.applicant, doors(case)[0]).status_code == 200
    assert len(looks(case)) == 1
    page = unescape(
        opened(
            client, case.applicant, reverse("filing:tasks", args=[case.number]), follow=True
        ).content.decode()
    )
    assert "Who opened your files" in page and str(staff[REGISTRATION]) in page


def test_the_supervisor_sees_who_looked_at_what_in_the_own_zone_alone(client, case, staff, zone):
    opened(client, staff[REGISTRATION], doors(case)[0])
    address = reverse("supervision:list", args=["looked"])
    page = unescape(opened(client, factories.supervisor(zone), address).content.decode())
    assert case.number in page and str(staff[REGISTRATION]) in page
    elsewhere = factories.supervisor(factories.ZoneFactory(code="elsewhere"))
    assert case.number not in opened(client, elsewhere, address).content.decode()


def test_a_list_that_is_taken_out_is_on_record(client, case, zone):
    supervisor = factories.supervisor(zone)
    for form in ("csv", "xlsx"):
        address = reverse("supervision:list", args=["running"])
        assert opened(client, supervisor, address, data={"format": form}).status_code == 200
    assert [(row.by, row.title) for row in Export.objects.all()] == [(supervisor, "Under way")] * 2
    address = reverse("supervision:list", args=["exported"])
    assert "Under way" in opened(client, supervisor, address).content.decode()
    other = factories.ZoneFactory(code="elsewhere")
    for stranger in (
        factories.supervisor(other),
        factories.UserFactory(role="administrator", zone=other),
    ):
        asked = {"zone": zone.code}
        page = opened(client, stranger, address, data=asked).content.decode()
        assert "Lists taken out as files" in page and "Under way" not in page
