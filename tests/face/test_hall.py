"""The hall in a real browser: a window by keyboard alone, a board that owns up when it isn't fresh and says each call
once, and a machine without scripts."""

from datetime import timedelta

from django.conf import settings

from services.hall import actions
from services.hall.models import How, State, Ticket
from tests import factories
from tests.codes import REGISTRATION
from tests.face.browsing import ENGLISH, Mode
from tests.factories import MORNING
from tests.services.hall.places import officer_at, take, window

HEARD = """() => {
  window.heard = [];
  window.speechSynthesis.speak = words => window.heard.push(words.lang);
}"""


def press(page, key: str) -> None:
    """A key that leads on to the next page of calling."""
    with page.expect_navigation():
        page.keyboard.press(key)


def test_a_window_is_worked_by_keyboard_alone(visit, travel):
    travel(MORNING)
    zone = factories.ZoneFactory()
    user = factories.officer(REGISTRATION, zone)
    user.window = window(zone, 3)
    user.save()
    first, second = take(zone), take(zone)
    page = visit(user, mode=Mode(language=ENGLISH)).page
    page.set_viewport_size({"width": 1366, "height": 650})
    page.goto("/hall/calls/")
    press(page, "j")  # open the window
    press(page, "j")  # call
    assert page.locator("#co").inner_text() == first.label
    press(page, "k")
    press(page, "d")
    first.refresh_from_db()
    assert (first.state, first.how) == (State.ENDED, How.ANSWERED)
    press(page, "j")
    press(page, "z")
    travel(MORNING + timedelta(minutes=2))
    press(page, "w")
    second.refresh_from_db()
    assert second.state == State.NO_SHOW
    page.get_by_role("button", name="Is here now").focus()
    press(page, "Enter")
    press(page, "j")
    press(page, "k")
    press(page, "l")
    second.refresh_from_db()
    assert second.how == How.LEFT
    press(page, "q")
    assert "At which window are you?" in page.locator("#co").inner_text()


def test_the_board_says_each_call_once_and_only_where_somebody_allowed_it(visit, travel):
    travel(MORNING)
    zone = factories.ZoneFactory()
    user = officer_at(zone, 3)
    take(zone)
    actions.call_next(actor=user)
    page = visit(mode=Mode(language=ENGLISH)).page
    page.add_init_script(f"({HEARD})()")
    page.goto("/hall/")
    refresh = "() => htmx.ajax('GET', '/hall/now/', '#hall-board')"
    page.evaluate(refresh)
    assert page.evaluate("window.heard") == []
    page.get_by_role("button", name="Say calls aloud").click()
    assert page.evaluate("window.heard") == ["zh-CN", "en-GB"]
    page.evaluate(refresh)
    assert page.evaluate("window.heard") == ["zh-CN", "en-GB"]
    travel(MORNING + timedelta(minutes=1))
    actions.call_again(actor=user, ticket=Ticket.objects.get())
    page.evaluate(refresh)
    page.wait_for_function("window.heard.length === 4")


def test_a_board_that_is_cut_off_says_as_of_when_it_is(visit, travel):
    travel(MORNING)
    factories.ZoneFactory()
    page = visit(mode=Mode(language=ENGLISH)).page
    page.clock.install()
    page.goto("/hall/")
    assert page.locator("[data-stale]").is_hidden()
    page.route("**/hall/now/**", lambda route: route.abort())
    page.clock.run_for(20_000)
    page.locator("[data-stale]").wait_for()
    assert "09:12" in page.locator("[data-stale]").inner_text()
    page.unroute("**/hall/now/**")
    page.clock.run_for(4_000)
    page.locator("[data-stale]").wait_for(state="hidden")


def test_a_machine_gives_a_ticket_without_scripts(visit, travel):
    travel(MORNING)
    zone = factories.ZoneFactory()
    _kiosk, link = actions.give_link(actor=factories.supervisor(zone), place="1F")
    page = visit(mode=Mode(language=ENGLISH), scripts=False).page
    page.goto(f"/hall/kiosk/set-up/{link}/")
    page.get_by_role("button", name="This device is the ticket machine").click()
    page.get_by_role("link", name="Open a company").click()
    page.get_by_role("button", name="With a text to my phone").click()
    for digit in "13800000426":
        page.get_by_role("button", name=digit, exact=True).click()
    page.get_by_role("button", name="Done").click()
    page.get_by_text("A 001").wait_for()
    assert Ticket.objects.get().phone == "13800000426"
    assert settings.KIOSK_COOKIE_NAME in {cookie["name"] for cookie in page.context.cookies()}
    page.goto(f"/hall/t/{Ticket.objects.get().code}/")
    page.get_by_role("button", name="Give up this ticket").click()
    page.get_by_text("Given up").wait_for()


def test_the_keys_of_the_machine_are_large(visit, travel):
    travel(MORNING)
    zone = factories.ZoneFactory()
    _kiosk, link = actions.give_link(actor=factories.supervisor(zone), place="1F")
    page = visit().page
    page.set_viewport_size({"width": 1080, "height": 1440})
    page.goto(f"/hall/kiosk/set-up/{link}/")
    page.locator("main form button").click()
    for address in ("/hall/kiosk/", "/hall/kiosk/A/", "/hall/kiosk/appointment/"):
        page.goto(address)
        keys = page.locator(".kk-b, .kk-id, .kk-pad button")
        assert keys.count() >= 6
        assert all((keys.nth(n).bounding_box() or {})["height"] >= 130 for n in range(keys.count()))
