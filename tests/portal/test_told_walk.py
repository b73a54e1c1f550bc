"""A day of one case as its applicant, its officers and a supervisor live it, with the sandbox's page open beside: a
return, a question, a late licence, an appointment that is moved and a parcel that is lost; the carrier of texts is away
for ten minutes in the middle."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kernel.accounts.models import Role
from kernel.bookings import following as diaries
from kernel.bookings.models import Closure, Diary
from kernel.cases import actions
from kernel.cases.models import Event
from kernel.core.outbox import delivery
from kernel.core.text_messages import carriers
from kernel.sla.tasks import sweep
from portal.notices import receipts, sending_out, tasks, trail
from portal.notices.models import Delivery, Notice
from seals import following as parcels
from tests import driving, factories
from tests.codes import REGISTRATION, SEALS
from tests.factories import MORNING
from tests.officers import address, browser, engraved, send, taken

pytestmark = pytest.mark.django_db
PHONE, REFUSED = "13800005678", f"1380000{carriers.REFUSED_NUMBER}"
TOMORROW = MORNING.replace(day=19, hour=14, minute=30)
RETURN = {
    "send": "1",
    "round": "1",
    "cite-R-03": "1",
    "pins-R-03": ["address.detail"],
    "how-R-03-address.detail": "Add the room.",
}


class Day:
    """The clock of the day, the workers, and what is seen at each moment."""

    def __init__(self, travel):
        self.travel, self.at = travel, MORNING

    def go(self, hour: int, minute: int) -> datetime:
        """On to this time of the day; each minute until then the workers had their turn."""
        until = MORNING.replace(hour=hour, minute=minute)
        step = timedelta(minutes=1 if until - self.at < timedelta(minutes=20) else 10)
        while self.at < until:
            self.at = min(self.at + step, until)
            self.travel(self.at)
            self.work()
        return until

    def work(self) -> None:
        sweep()
        diaries.refit()
        parcels.follow()
        tasks.digests()
        sending_out.send_out()
        delivery.deliver()
        receipts.ask()
        trail.write()


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"  # what phones are told


@pytest.fixture
def day(travel):
    travel(MORNING)
    return Day(travel)


@pytest.fixture
def officers(day):
    return driving.staff(factories.ZoneFactory())


def filed(officers, phone: str):
    """A case with an appointment tomorrow, whose set goes out by courier."""
    applicant = factories.UserFactory(phone=phone)
    draft = factories.draft(zone=officers[REGISTRATION].zone, applicant=applicant)
    values = {"appointment": f"{TOMORROW:%Y-%m-%dT%H:%M}", "meeting": "video"}
    given = {"actor": applicant, "application_id": draft.pk}
    actions.save_section(**given, section="bank", values=draft.answers["bank"] | values)
    return factories.submit(**given)


def texts(phone: str = PHONE) -> list[str]:
    """What the sandbox's page shows of a phone, the oldest first."""
    page = Client().post(reverse("sandbox"), {"phone": phone})
    return [text["body"] for text in reversed(page.context["texts"])]


def carrier(how: str) -> None:
    assert (
        Client().post(reverse("sandbox"), {"system": carriers.SYSTEM, "how": how}).status_code
        == 302
    )


def unread(user) -> list[str]:
    rows = browser(user).get(reverse("messages:inbox")).context["rows"]
    return sorted(row["notice"].kind for row in rows if row["is_new"])


def write(client, page: str, body: str) -> None:
    shown = client.get(page)
    form = {"key": str(shown.context["typed"].key), "seen": shown.context["seen"]}
    answer = client.post(page, form | {"department": REGISTRATION, "body": body, "send": "1"})
    assert answer.status_code == 302


def correct(case) -> None:
    detail = case.answers["address"] | {"detail": "Yunqi Road 66, room 502"}
    given = {"actor": case.applicant, "application_id": case.pk}
    actions.save_section(**given, section="address", values=detail)
    factories.resubmit(**given, department=REGISTRATION)


def told(case) -> list[tuple[str, str]]:
    """(what, at which time of the day) as the trail of the case has it."""
    rows = case.events.filter(kind=Event.Kind.TOLD).order_by("seq")
    return [(row.data["what"], f"{row.at.astimezone(MORNING.tzinfo):%H:%M}") for row in rows]


def test_everything_is_told_once_and_at_its_time(day, officers):
    case, zone = filed(officers, PHONE), officers[REGISTRATION].zone
    boss = factories.supervisor(zone)
    above = factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone)
    window, engraver = browser(officers[REGISTRATION]), browser(officers[SEALS])
    applicant = browser(case.applicant)
    number = taken(window, REGISTRATION)

    day.go(9, 14)
    assert window.post(address(REGISTRATION, "return", number), RETURN).status_code == 302
    day.go(9, 15)
    assert len(texts()) == 1 and "needs correcting" in texts()[0]
    correct(case)
    day.go(9, 22)
    write(applicant, reverse("filing:thread", args=[number]), "Is the lease of last year enough?")
    assert unread(officers[REGISTRATION]) == ["question"]

    day.go(9, 25)
    carrier("away")
    write(window, address(REGISTRATION, "thread", number), "Yes, it is.")
    day.work()
    assert unread(officers[REGISTRATION]) == [] and "message" in unread(case.applicant)
    Closure.objects.create(diary=Diary.objects.get(), date=TOMORROW.date())
    Diary.objects.update(version=2)
    day.go(9, 35)
    assert "meeting_moved" in unread(case.applicant), "the inbox has it at once"
    assert len(texts()) == 1 and [what for what, _at in told(case)] == ["returned"]
    assert Delivery.objects.filter(state=Delivery.State.QUEUED).count() == 1
    carrier("usual")
    day.go(9, 50)
    assert len(texts()) == 2 and "could not stay where it was" in texts()[1]

    day.go(10, 20)
    assert unread(officers[REGISTRATION]) == ["breached"] and unread(boss) == []
    assert send(window, REGISTRATION, number).status_code == 302
    day.go(10, 21)
    assert unread(officers[REGISTRATION]) == [] and "licence is issued" in texts()[2]
    day.go(11, 31)
    assert unread(boss) == ["digest"], "licence and seals are late still"
    assert unread(above) == ["raised"], "nobody has said why, and they may"

    assert taken(engraver, SEALS) == number
    engraved(engraver, number)
    assert send(engraver, SEALS, number).status_code == 302
    day.work()
    assert unread(boss) == ["digest"], "the whole case is late still"
    assert unread(officers[SEALS]) == []
    parcel = {"carrier": "sf", "tracking_number": "SF1234567890199"}
    assert engraver.post(address(SEALS, "send", number), parcel).status_code == 302
    day.go(11, 33)
    assert len(texts()) == 4 and "on its way" in texts()[3]
    day.go(16, 10)
    assert len(texts()) == 5 and "lost your parcel" in texts()[4]
    waiting = engraver.get(address(SEALS, "waiting")).content.decode()
    assert number in waiting and unread(officers[SEALS]) == ["setback"]
    assert engraver.post(address(SEALS, "again", number)).status_code == 302
    day.work()
    assert unread(officers[SEALS]) == []

    times = dict(told(case))
    assert [what for what, _at in told(case)] == list(times), "each once"
    assert times | {"meeting_moved": ""} == {
        "returned": "09:15",
        "meeting_moved": "",
        "licensed": "10:21",
        "sent": "11:32",
        "lost": "15:33",
    }
    assert "09:35" <= times["meeting_moved"] <= "09:50", "as soon as the carrier was back"
    shown = Notice.objects.filter(recipient=case.applicant).values_list("kind", flat=True)
    assert len(shown) == len(set(shown)), "in the inbox each stands once as well"


def test_what_could_not_be_delivered_shows_on_the_case_and_to_the_officer(day, officers):
    case = filed(officers, REFUSED)
    window = browser(officers[REGISTRATION])
    number = taken(window, REGISTRATION)
    window.post(address(REGISTRATION, "return", number), RETURN)
    day.go(9, 16)
    assert texts(REFUSED) == [] and told(case) == []
    page = window.get(address(REGISTRATION, "case", number)).content.decode()
    assert "reached outside the portal" in page
    own = browser(case.applicant).get(reverse("filing:tasks", args=[number])).content.decode()
    assert "We couldn&#x27;t reach you" in own or "We couldn't reach you" in own
    assert unread(case.applicant) == ["returned", "submitted"]
