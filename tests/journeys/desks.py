"""The officers' way through their desks, by what stands on the pages."""

from django.utils import translation

from portal.demo.people import PASSWORD
from seals.models import IdentityPicture, Seal
from tests import officers
from tests.codes import BANKING, REGISTRATION, SEALS, SOCIAL_SECURITY, TAX
from tests.journeys import filing
from tests.journeys.visitor import Visitor

CLOSE = {
    REGISTRATION: "Approve",
    SEALS: "Engraved and ready, close",
    TAX: "Confirm and close",
    SOCIAL_SECURITY: "Register and close",
    BANKING: "Account opened, close",
}
USER = {
    REGISTRATION: "window",
    SEALS: "engraver",
    TAX: "tax",
    SOCIAL_SECURITY: "social",
    BANKING: "bank",
}


def at_work(visitor: Visitor, user: str) -> Visitor:
    return filing.log_in(visitor, user, PASSWORD)


def take(visitor: Visitor, department: str) -> None:
    visitor.look(f"queue-{department}")
    visitor.press("Take the next case")
    visitor.page.locator("#co").wait_for()
    visitor.look(f"desk-{department}-taken")


def confirm(visitor: Visitor) -> None:
    """Answer every question that only a person can answer."""
    for question in visitor.page.locator("fieldset.pick").all():
        question.get_by_label(visitor.say("Met"), exact=True).check()


def engrave(visitor: Visitor, first_code: int) -> None:
    asked = [kind for kind in IdentityPicture.Kind if visitor.control(kind.label).count()]
    assert asked == [IdentityPicture.Kind.DOCUMENT, IdentityPicture.Kind.PERSON], "it was signed"
    for kind in asked:
        picture = {"name": f"{kind}.png", "mimeType": "image/png", "buffer": officers.picture()}
        visitor.control(kind.label).set_input_files(picture)
    visitor.press("Identity captured")
    visitor.sees("The identity is captured.")
    labels = visitor.page.get_by_label(visitor.say("Seal code, 13 digits"))
    for place in range(labels.count()):
        labels.nth(place).fill(f"{first_code + place:013d}")
        seal = visitor.page.locator("section.seal").nth(place)
        visitor.press("Engraved, file it", within=seal)
        seal.get_by_text(visitor.say("Filed", "seal"), exact=True).wait_for()


def hand_over(visitor: Visitor) -> None:
    """The parcel goes to the courier, from the list of what is to be handed over."""
    visitor.follow("To hand over", within=visitor.page)
    visitor.look("desk-seals-waiting")
    visitor.page.locator("table.found a").first.click()
    visitor.fill("Courier's number", "SF1000204211")
    visitor.press("The courier has the parcel")
    visitor.sees("The parcel is on its way; the applicant is told.")
    visitor.look("desk-seals-sent")


def open_account(visitor: Visitor, serial: int) -> None:
    visitor.fill("Account number", f"62{serial:013d}")
    visitor.fill("Basic account number", f"J{serial:013d}")


def close(visitor: Visitor, department: str) -> None:
    """Press the key that closes; the desk says so and shows its queue."""
    visitor.look(f"desk-{department}-ready")
    visitor.press(CLOSE[department])
    visitor.page.locator(
        "main .alert, main .notice, main .messages, main [role=status]"
    ).first.wait_for()


def work(visitor: Visitor, department: str, serial: int) -> None:
    """The whole of a desk's work on the next case in line."""
    take(visitor, department)
    if department == SEALS:
        engrave(visitor, serial)
    if department == BANKING:
        open_account(visitor, serial)
    confirm(visitor)
    close(visitor, department)
    if department == SEALS:
        hand_over(visitor)


def seal_names(visitor: Visitor) -> list[str]:
    with translation.override(visitor.language):
        return [str(label) for label in Seal.Kind.labels]
