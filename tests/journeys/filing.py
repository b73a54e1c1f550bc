"""The applicant's way through the pages, by what stands on them."""

import re
from io import BytesIO

import pikepdf
from django import forms
from django.utils import translation

from kernel import catalogue
from kernel.applicants.inputs import Picked, PickedMany
from kernel.applicants.pages import PAGES
from kernel.applicants.pages.person import PersonForm
from kernel.applicants.slots import SlotField
from kernel.form.choices import CHOICES, ContributionForm
from kernel.form.fields import FIELD
from kernel.form.id_copies import KINDS
from tests import phones
from tests.applicant import photo
from tests.filings import TEXTS, complete_answers, resident_id
from tests.journeys.visitor import Visitor

PHONE, PASSWORD = "13900000426", "a-long-way-to-open"
NUMBER = resident_id("19880203", 428)
BRANCH = "zibo-hitech-1"


def register(visitor: Visitor) -> None:
    visitor.open("/")
    visitor.look("home")
    visitor.page.get_by_role("link", name=visitor.say("Log in")).first.click()
    visitor.follow("No account yet? Register")
    visitor.look("register")
    visitor.fill("Mobile phone", PHONE)
    visitor.press("Send me a code")
    visitor.look("register-code")
    visitor.fill("One-time code", phones.code(PHONE))
    visitor.press("Continue")
    visitor.look("register-name")
    visitor.fill("Your name", TEXTS["recipient"])
    visitor.fill("Resident ID number", NUMBER)
    visitor.fill("Password", PASSWORD)
    visitor.fill("Password, once more", PASSWORD)
    visitor.control(
        "I have read the privacy statement and agree that the departments use what I file"
    ).check()
    visitor.press("Register")
    visitor.at("/my/")
    visitor.look("my-empty")


def log_in(visitor: Visitor, name: str, password: str) -> Visitor:
    visitor.open("/account/login/")
    visitor.look("login")
    visitor.fill("Mobile phone, ID number or user name", name)
    visitor.fill("Password", password)
    visitor.press(
        "Log in", within=visitor.page.locator("form", has=visitor.page.locator("#id_password"))
    )
    return visitor


def log_out(visitor: Visitor) -> None:
    visitor.page.locator(".who-menu summary").click()
    visitor.press("Log out")


def begin(visitor: Visitor, company_type: str) -> str:
    """A new draft; returns its reference."""
    visitor.open("/my/")
    visitor.follow("Open a company", "start button")
    visitor.look("new")
    with translation.override(visitor.language):
        summary = catalogue.company_type(company_type).summary
    visitor.page.get_by_label(summary).check()
    visitor.page.locator("main [name=zone]").first.check()
    visitor.press("Begin", "filing")
    visitor.page.wait_for_url(re.compile(r"/filings/D-"))
    visitor.look("tasks-new")
    return visitor.page.url.rstrip("/").rsplit("/", 1)[-1]


def answer(visitor: Visitor, section: str, name: str, value) -> None:
    """Answer one question of a page."""
    field, label = PAGES[section].base_fields[name], FIELD[f"{section}.{name}"].label
    if isinstance(field, SlotField):
        visitor.page.locator(f"main [name={name}][value='{value}']").check()
    elif isinstance(field, Picked):
        visitor.control(label).select_option(value)
    elif isinstance(field, forms.ChoiceField):
        with translation.override(visitor.language):
            choice = str(CHOICES[f"{section}.{name}"](value).label)
        visitor.choose(label, choice)
    else:
        visitor.fill(label, value)


def fill_page(visitor: Visitor, section: str, values: dict) -> None:
    for name in PAGES[section].base_fields:
        if (
            name in values
            and name != "company_type"
            and not isinstance(PAGES[section].base_fields[name], PickedMany)
        ):
            answer(visitor, section, name, values[name])


def choose_scope(visitor: Visitor, values: dict) -> None:
    """Search the industry by its code, choose it, and take the items proposed for it."""
    visitor.fill("Search for your industry", values["industry"])
    industries = visitor.control(FIELD["scope.industry"].label)
    with visitor.page.expect_response(re.compile("scope/look")):
        industries.locator(f"option[value='{values['industry']}']:only-child").wait_for(
            state="attached"
        )
        industries.select_option(values["industry"])
    check_items(visitor, values)


def check_items(visitor: Visitor, values: dict) -> None:
    """Search each scope item by its Chinese name, and take it."""
    for code in values["items"]:
        item = next(item for item in catalogue.scope_items() if item.code == code)
        visitor.known.add(item.name_zh)
        with visitor.page.expect_response(re.compile("scope/look")):
            visitor.fill("Search for scope items, in Chinese or pinyin", item.name_zh)
        with translation.override(visitor.language):
            name = re.compile(rf"^\s*{re.escape(str(item.name))}")
        visitor.page.get_by_label(name).check()


def enter_person(visitor: Visitor, person) -> None:
    for name, value in person.data.items():
        if name == "id_long_term":
            box = visitor.page.locator("main [name=id_long_term]")
            if value and box.count():
                box.check()
        elif name == "contribution_form":
            with translation.override(visitor.language):
                choice = str(ContributionForm(value).label)
            visitor.choose(PersonForm.base_fields[name].label, choice)
        elif name in PersonForm.base_fields and visitor.page.locator(f"main [name={name}]").count():
            label = (
                "Company name"
                if (name, person.kind) == ("name", "legal")
                else PersonForm.base_fields[name].label
            )
            visitor.fill(label, value)
    visitor.press("Save and go back")


def enter_shareholders(visitor: Visitor, people) -> None:
    holders = [person for person in people if person.is_shareholder]
    several = {"natural": "Enter a person", "legal": "Enter a company or other legal person"}
    for person in holders:
        visitor.follow("Enter the shareholder" if len(holders) == 1 else several[person.kind])
        visitor.look(f"person-{person.kind}")
        enter_person(visitor, person)
        visitor.at("/shareholders/")
    visitor.look("shareholders")
    visitor.press("Continue")


def name_roles(visitor: Visitor, section: str, roles: dict, people, entered: set) -> None:
    """Choose who holds each role; whoever isn't entered yet is entered from here."""
    by_uid = {person.uid: person for person in people}
    for role, uid in roles.items():
        if uid not in entered:
            label = visitor.label_of(f"{section}.{role}")
            visitor.press_exactly(f"{visitor.say('Enter another person')} {label}")
            enter_person(visitor, by_uid[uid])
            visitor.at(f"/{section}/")
            entered.add(uid)
    for role, uid in roles.items():
        select = visitor.control(FIELD[f"{section}.{role}"].label)
        option = select.locator("option", has_text=by_uid[uid].name).first.get_attribute("value")
        select.select_option(option)


def pdf(name: str) -> dict:
    target = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(target)
    return {"name": name, "mimeType": "application/pdf", "buffer": target.getvalue()}


def upload(visitor: Visitor, kind: str, file: dict) -> None:
    """Choose a file: it is sent at once. htmx listens a moment after it brought a page, not while it settles."""
    visitor.page.wait_for_load_state("load")
    visitor.control(FIELD[f"materials.{kind}"].label).set_input_files(file)
    visitor.page.locator("main:not(.htmx-settling) .doc").get_by_text(file["name"]).first.wait_for()


def answers(company_type: str):
    sections, people, materials = complete_answers(company_type)
    people[0].data["id_number"] = NUMBER  # whoever registers founds the company
    sections["bank"]["branch"] = BRANCH
    return sections, people, materials


def save(visitor: Visitor, section: str) -> None:
    visitor.look(f"page-{section}")
    visitor.press("Save and continue")
    visitor.page.wait_for_url(lambda url: f"/{section}/" not in url)


def company_pages(visitor: Visitor, sections: dict) -> None:
    fill_page(visitor, "name", sections["name"])
    visitor.sees("This name can be used. It is compared once more when you submit.")
    save(visitor, "name")
    choose_scope(visitor, sections["scope"])
    save(visitor, "scope")
    for section in ("address", "capital"):
        fill_page(visitor, section, sections[section])
        save(visitor, section)


def people_pages(visitor: Visitor, sections: dict, people) -> None:
    enter_shareholders(visitor, people)
    entered = {
        person.uid for person in people if person.is_shareholder and person.kind == "natural"
    }
    for section in ("officers", "contacts"):
        visitor.at(f"/{section}/")
        name_roles(visitor, section, sections[section], people, entered)
        save(visitor, section)


def department_pages(visitor: Visitor, sections: dict) -> None:
    for section in ("seals", "tax", "social_security", "bank"):
        fill_page(visitor, section, sections[section])
        save(visitor, section)


def upload_early(visitor: Visitor, ref: str, materials: dict) -> None:
    """One of the files while the draft is still half empty."""
    visitor.open(f"/filings/{ref}/")
    visitor.follow_section("materials")
    upload(visitor, "address_proof", pdf(TEXTS["files"]["address_proof"]))


def places(visitor: Visitor) -> list[str]:
    """What the page calls the places for the sides of identity cards."""
    inputs = visitor.page.locator("main .card-of .verify input[type=file]")
    return [control.get_attribute("name") for control in inputs.all()]


def side(place: int) -> dict:
    """A picture that differs from that of every other place."""
    file = photo(f"side {place}", f"card-{place}.jpg")
    return {"name": file.name, "mimeType": "image/jpeg", "buffer": file.read()}


def cards_by_button(visitor: Visitor) -> None:
    """All sides are chosen first, and one press sends them."""
    names = places(visitor)
    for place, name in enumerate(names):
        visitor.page.locator(f"main [name='{name}']").set_input_files(side(place))
    visitor.page.locator("main .card-of button").first.click()
    for place, _name in enumerate(names):
        visitor.reads(side(place)["name"])


def materials_page(visitor: Visitor, materials: dict) -> None:
    for kind in materials:
        if kind != "address_proof" and kind not in KINDS:
            upload(visitor, kind, pdf(TEXTS["files"][kind]))
    visitor.look("page-materials-missing")
    visitor.known.update(side(place)["name"] for place, _name in enumerate(places(visitor)))
    for place, name in enumerate(places(visitor)):
        visitor.page.wait_for_load_state("load")
        visitor.page.locator(f"main [name='{name}']").set_input_files(side(place))
        visitor.page.locator("main:not(.htmx-settling) .doc").get_by_text(
            side(place)["name"]
        ).first.wait_for()
    visitor.look("page-materials")
    visitor.press("Continue")


def look_items_up(visitor: Visitor, values: dict) -> None:
    """Search scope items by the button, as it is done without scripts."""
    for code in values["items"]:
        item = next(item for item in catalogue.scope_items() if item.code == code)
        visitor.known.add(item.name_zh)
        visitor.fill("Search for scope items, in Chinese or pinyin", item.name_zh)
        visitor.press("Search")
        visitor.page.get_by_label(re.compile(rf"^\s*{re.escape(item.name_zh)}")).check()


def upload_by_button(visitor: Visitor, kind: str) -> None:
    file = pdf(TEXTS["files"][kind])
    visitor.control(FIELD[f"materials.{kind}"].label).set_input_files(file)
    visitor.press_exactly(f"{visitor.say('Upload')} {visitor.label_of(f'materials.{kind}')}")
    visitor.reads(file["name"])
