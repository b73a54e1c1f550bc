"""The hall as it is looked at: in the middle of a morning, at lunch, and closed pages of the ticket machine."""

from datetime import timedelta

from django.conf import settings

from services.hall import actions, card_readers
from services.hall.models import Kiosk, Ticket
from tests import factories
from tests.codes import BANKING, REGISTRATION, SEALS, SOCIAL_SECURITY, TAX
from tests.face.looking import Sight, at, press
from tests.factories import MORNING
from tests.services.hall.places import booking, helper, served, take, window

WINDOWS = {
    1: (REGISTRATION, "咨询帮办"),
    2: (REGISTRATION, "企业登记"),
    3: (REGISTRATION, "企业登记"),
    4: (SEALS, "印章"),
    5: (TAX, "税务"),
    6: (TAX, "税务"),
    7: (SOCIAL_SECURITY, "社保"),
    8: (REGISTRATION, "备用"),
    9: (BANKING, "银行"),
    10: (BANKING, "银行"),
    11: (REGISTRATION, "领取"),
}


def busy(zone, travel) -> dict[int, object]:
    """A hall with eleven windows and a line, at 09:42; gives the officer of each open window."""
    travel(MORNING)
    people: dict[int, object] = {}
    for number, (department, title) in WINDOWS.items():
        row = window(zone, number, department)
        row.title = title
        row.save()
        if number not in (6, 8):
            people[number] = factories.officer(department, zone)
            letters = {1: "G", 11: "L"}.get(number, "")
            actions.open_window(actor=people[number], window=row, letters=tuple(letters))
    for lane in "AASALGA":
        take(zone, lane)
    for number in (2, 3, 5):
        served(people[number], "case")
    travel(MORNING + timedelta(minutes=20))
    for lane in "AAAALA":
        take(zone, lane, ground="age" if lane == "L" else "")
    actions.arrive(booking=booking(zone, 3, BANKING), way="kiosk")
    travel(MORNING + timedelta(minutes=30))
    for number in (5, 1, 2, 11, 3, 9):
        ticket = actions.call_next(actor=people[number])
        if ticket and number not in (3, 9):
            actions.begin(actor=people[number], ticket=ticket)
    take(zone, "A", phone="13800000426")
    return people


def hall(travel) -> list[Sight]:
    zone = factories.ZoneFactory(phone="0533-0000-120", name="高新区", hall="政务中心一楼")
    people = busy(zone, travel)
    waiting = Ticket.objects.filter(state="waiting", phone_index__gt="").get()
    called = Ticket.objects.filter(state="called").order_by("pk")[0]
    _kiosk, link = actions.give_link(actor=factories.supervisor(zone), place="一楼入口")
    _kiosk, secret = actions.set_up(link=link)
    machine = _as_machine(secret)
    return [
        Sight("hall, the board", at("hall:board")),
        Sight("hall, take a ticket", at("hall:take")),
        Sight("hall, a ticket that waits", at("hall:ticket", waiting.code)),
        Sight("hall, a ticket that is called", at("hall:ticket", called.code)),
        Sight("hall, calling", at("hall:calls"), people[3]),
        Sight("hall, a ticket at the window", at("hall:calls"), people[2]),
        Sight("hall, nobody at the window", at("hall:calls"), people[4]),
        Sight("hall, no window yet", at("hall:calls"), helper(zone)),
        Sight("hall, ticket machines", at("hall:kiosks"), factories.supervisor(zone)),
        Sight("hall, not a machine", at("hall:kiosk"), status=403),
        Sight("hall, set a machine up", at("hall:kiosk-set-up", "x")),
        Sight("hall machine", at("hall:take"), then=machine("hall:kiosk")),
        Sight("hall machine, a lane", at("hall:take"), then=machine("hall:kiosk-lane", "A")),
        Sight("hall machine, digits", at("hall:take"), then=machine("hall:kiosk-appointment")),
        Sight(
            "hall machine, the paper",
            at("hall:take"),
            then=machine("hall:kiosk-paper", waiting.code),
        ),
        Sight("hall machine, a card", at("hall:take"), then=_with_card(machine)),
    ]


def _as_machine(secret: str):
    """What opens a page as the machine that holds this secret."""

    def to(name: str, *arguments):
        def opened(page):
            address = page.url.split("/hall/")[0]
            cookie = {"name": settings.KIOSK_COOKIE_NAME, "value": secret, "url": address}
            page.context.add_cookies([cookie])
            return page.goto(at(name, *arguments)).status

        return opened

    return to


def _with_card(machine):
    def opened(page):
        machine("hall:kiosk")(page)
        card_readers.lay(str(Kiosk.objects.get().uid), "370303199003074014")
        return press(".kk-id")(page)

    return opened
