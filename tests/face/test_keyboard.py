"""The whole filing and the whole review by keyboard alone; and a case from draft to done without JavaScript."""

from kernel.cases.models import Application, Stage
from kernel.form import flow
from kernel.standards import publishing
from tests import driving, factories
from tests.codes import REGISTRATION
from tests.face import journey
from tests.face.keyboard import Keyboard
from tests.factories import MORNING


def test_filing_and_review_by_keyboard_alone(visit, travel, tmp_path):
    travel(MORNING)
    officers = driving.staff(zone := factories.ZoneFactory())
    publishing.load_published()
    case = journey.file(Keyboard(visit()), factories.UserFactory(), tmp_path)
    assert case.zone == zone
    officer = officers[REGISTRATION]
    journey.close(Keyboard(visit()), officer, REGISTRATION)
    case.refresh_from_db()
    assert case.state == flow.SEALING

    other = factories.filed(zone=zone)
    keys = Keyboard(visit())
    journey.give_back(keys, officer, "Please upload the new lease.")
    stage = Stage.objects.get(application=other, department=REGISTRATION)
    assert stage.state == flow.RETURNED, keys.page.locator("main").inner_text()


def test_a_case_goes_from_draft_to_done_without_javascript(visit, travel, tmp_path):
    travel(MORNING)
    officers = driving.staff(factories.ZoneFactory())
    publishing.load_published()
    case = journey.file(
        Keyboard(visit(scripts=False), scripts=False), factories.UserFactory(), tmp_path
    )
    for department in flow.usual():
        journey.close(
            Keyboard(visit(scripts=False), scripts=False), officers[department], department
        )
    assert Application.objects.get(pk=case.pk).state == flow.COMPLETED


def test_a_second_press_of_a_key_is_swallowed(visit, travel):
    """It would cancel the answer to the first, and meet what that has done."""
    travel(MORNING)
    zone = factories.ZoneFactory()
    factories.filed(zone=zone)
    keys, sent = Keyboard(visit()), []
    journey.take(keys, driving.staff(zone)[REGISTRATION], REGISTRATION)
    journey.confirm(keys)
    keys.page.on(
        "request", lambda request: sent.append(request.url) if request.method == "POST" else None
    )
    with keys.page.expect_navigation():
        keys.press("a")
        keys.press("a")
    assert len(sent) == 1
    assert keys.page.locator(".notice.is-success").count() == 1
    assert not keys.page.locator(".error-summary").count()
