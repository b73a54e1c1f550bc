"""Officers at their pages: what they press, as a browser sends it."""

from functools import cache
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from kernel.core import departments
from tests.codes import BANKING, SEALS


def browser(user) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    client.cookies["language"] = "en"
    return client


def namespace(department: str) -> str:
    return departments.department(department).namespace


def address(department: str, name: str, *args) -> str:
    return reverse(f"{namespace(department)}:{name}", args=args)


def taken(client, department: str) -> str:
    """Press N, or I for a company that is at the bank before its appointment; gives the case's number."""
    ahead = client.get(address(department, "queue")).context["queue"].ahead
    if ahead:
        number = ahead[0].stage.application.number
        assert client.post(address(department, "here", number)).status_code == 302
        return number
    answer = client.post(address(department, "next"))
    assert answer.status_code == 302, answer.content
    return answer["Location"].rstrip("/").rsplit("/", 1)[-1]


def met(answer) -> dict:
    """Every question on a case's page answered "met", and its round."""
    page = answer.context["page"]
    asked = {
        question.name: "met" for question in answer.context["questions"] if not question.by_step
    }
    return {"round": str(page.stage.round), **asked}


def filled(answer) -> dict:
    """The department's form as the page filled it in."""
    form = answer.context["form"]
    given = {bound.html_name: bound.value() for bound in form}
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in given.items()
        if value not in (None, False)
    }


def send(client, department: str, case_number: str, /, **changes):
    """Open the case and press its closing key with everything as the page filled it in, but for the changes."""
    answer = client.get(address(department, "case", case_number))
    assert answer.status_code == 200
    values = {**filled(answer), **met(answer), **changes}
    if "met_at" in values:
        values["met_at"] = values["met_at"][:16]
    return client.post(address(department, "close", case_number), values)


def identity(page, *pictures: str) -> dict:
    """The identity of the first who is offered, with pictures: all that the page asks for, or these."""
    form = page.context["identity"]
    asked = pictures or [name for name in form.fields if name not in ("person", "how")]
    (person, _name), *_others = form.fields["person"].choices
    (how, _label), *_others = form.fields["how"].choices
    files = {name: SimpleUploadedFile(f"{name}.png", picture(), "image/png") for name in asked}
    return {"person": person, "how": how, **files}


@cache
def picture() -> bytes:
    content = BytesIO()
    Image.new("RGB", (8, 8)).save(content, "PNG")
    return content.getvalue()


def engraved(client, number: str) -> None:
    """Capture the identity and file every seal with the proposed codes."""
    page = client.get(address(SEALS, "case", number))
    answer = client.post(address(SEALS, "identity", number), identity(page))
    assert answer.status_code == 302, answer.context["errors"]
    codes = {f"code-{seal.seal.kind}": seal.code for seal in page.context["seals"]}
    for seal in page.context["seals"]:
        answer = client.post(address(SEALS, "record", number, seal.seal.kind), codes)
        assert answer.status_code == 302, answer.content


ENTERED = {
    BANKING: {"number": "6222000000000001", "basic_number": "J3703000000001"},
}


def closed(client, department: str, **entered) -> str:
    """Take the next case and close it through the pages, entering this by hand; gives its number."""
    number = taken(client, department)
    if department == SEALS:
        engraved(client, number)
    answer = send(client, department, number, **ENTERED.get(department, {}), **entered)
    assert answer.status_code == 302, answer.context["errors"]
    return number
