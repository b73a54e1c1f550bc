"""A whole case at the keyboard: the applicant's filing, then each desk."""

import pikepdf

from kernel.cases.models import Application
from kernel.form.id_copies import KINDS
from tests import factories, officers
from tests.applicant import photo
from tests.codes import REGISTRATION, SEALS
from tests.face.keyboard import Keyboard
from tests.factories import MORNING
from tests.filings import complete_answers
from tests.officers import ENTERED, namespace

GO = "main form [name=go]"
SAVE = "main .form-acts [type=submit]"


def log_in(keys: Keyboard, user, path: str) -> None:
    """The log-in page leads on to `path`."""
    keys.open(path)
    keys.answer("username", user.username)
    keys.answer("password", "secret-for-tests")
    keys.go(".login .form [type=submit]")


def file(keys: Keyboard, user, folder, company_type: str = "1151") -> Application:
    """From the log-in page to the confirmation."""
    sections, people, materials = complete_answers(company_type, MORNING.date())
    user.id_number = people[0].data["id_number"]  # whoever is logged in founds the company
    user.save()
    log_in(keys, user, "/filings/new/")
    keys.answer("company_type", company_type)
    keys.go(SAVE)
    keys.go("aside .btn-primary")
    for section in ("name", "scope", "address", "capital"):
        _page(keys, section, sections[section])
    draft = Application.objects.get(applicant=user)
    known = _shareholders(keys, draft, people)
    for section in ("officers", "contacts"):
        _roles(keys, draft, sections[section], people, known)
    for section in ("seals", "tax", "social_security", "bank"):
        _page(keys, section, sections[section])
    _materials(keys, materials, folder)
    factories.signed(draft)
    keys.page.reload()
    keys.go("main .form-acts .btn-primary")
    draft.refresh_from_db()
    assert draft.filing_number in keys.page.locator("main .confirm").inner_text()
    return draft


def _page(keys: Keyboard, section: str, values: dict) -> None:
    assert f"/{section}/" in keys.page.url
    for name, value in values.items():
        if not keys.page.locator(f"main form [name={name}]").first.is_visible():
            _appear(keys, name)
        keys.answer(name, _proposed(keys, value) if name == "items" else value)
    keys.go(GO)
    assert f"/{section}/" not in keys.page.url, keys.page.locator(
        "main .error-summary"
    ).all_inner_texts()


def _appear(keys: Keyboard, name: str) -> None:
    """A question that arises from another: it appears as soon as that is answered, or once the page is sent."""
    if keys.scripts:
        keys.page.locator(f"main form [name={name}]").first.wait_for(state="visible")
    else:
        keys.go(GO)


def _proposed(keys: Keyboard, wanted: list) -> list:
    """As many scope items, from those that stand there for the industry just picked."""
    if keys.scripts:
        keys.page.wait_for_timeout(1500)  # the proposals follow the industry a moment later
    else:
        keys.go("main form [name=look]")
    return keys.page.locator("[name=items]").evaluate_all("all => all.map(one => one.value)")[
        : len(wanted)
    ]


def _person(keys: Keyboard, person) -> None:
    for name, value in person.data.items():
        if keys.page.locator(
            f"main form [name={name}]"
        ).count():  # what isn't needed of a person isn't asked
            if name == "id_long_term":
                keys.tick("[name=id_long_term]") if value else None
            elif value:
                keys.answer(name, value)
    keys.go(SAVE)


def _shareholders(keys: Keyboard, draft, people) -> dict:
    """Enters them; gives the uid in the tests' data → the one in the database."""
    known = {}
    for person in people:
        if person.is_shareholder:
            keys.go("main a[href*='people/new']")
            _person(keys, person)
            known[person.uid] = str(draft.people.order_by("-pk").first().uid)
    keys.go(SAVE)
    return known


def _roles(keys: Keyboard, draft, roles: dict, people, known: dict) -> None:
    for role, uid in roles.items():
        if uid not in known:
            keys.go(f"[name=enter][value={role}]")
            _person(keys, next(person for person in people if person.uid == uid))
            known[uid] = str(draft.people.order_by("-pk").first().uid)
    for role, uid in roles.items():
        keys.answer(role, known[uid])
    keys.go(GO)


def _materials(keys: Keyboard, materials: dict, folder) -> None:
    paper = folder / "paper.pdf"
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(paper)
    files = {f"#id_{kind}": paper for kind in materials if kind not in KINDS}
    cards = keys.page.locator(".card-of .verify input[type=file]").all()
    for place, control in enumerate(cards):
        files["#" + control.get_attribute("id")] = folder / f"card-{place}.jpg"
        (folder / f"card-{place}.jpg").write_bytes(photo(f"side {place}").read())
    for place, (control, file) in enumerate(files.items(), start=1):
        keys.upload(control, str(file))
        if keys.scripts:
            keys.page.locator(".docs .doc").nth(place - 1).wait_for()
            keys.page.locator(".htmx-request, .htmx-swapping, .htmx-settling").first.wait_for(
                state="detached"
            )
            keys.page.wait_for_timeout(300)  # the focus goes back to where it was
    keys.go(GO)


# Desks ---------------------------------------------------------------------------------------------------------------


def take(keys: Keyboard, user, department: str) -> None:
    """Log in at the desk and take the next case."""
    log_in(keys, user, f"/{namespace(department).replace('_', '-')}/")
    keys.key("N")


def confirm(keys: Keyboard) -> None:
    """Every question that only a person can answer."""
    for name in keys.page.locator(".pick [value=met]").evaluate_all(
        "all => all.map(one => one.name)"
    ):
        keys.to(f"[name='{name}']")
        keys.choose("met")


def close(keys: Keyboard, user, department: str) -> None:
    """Take the next case, do what the desk does, and press the key that closes."""
    take(keys, user, department)
    if department == SEALS:
        _engrave(keys)
    for name, value in ENTERED.get(department, {}).items():
        keys.answer(name, value)
    confirm(keys)
    keys.key(keys.page.locator(".acts [data-key]").first.get_attribute("data-key"))
    assert keys.page.locator(".notice.is-success").count(), keys.page.locator(
        ".error-summary"
    ).all_inner_texts()


def _engrave(keys: Keyboard) -> None:
    for field in keys.page.locator("#identity [type=file]").all():
        field.set_input_files(
            {"name": "scan.png", "mimeType": "image/png", "buffer": officers.picture()}
        )
    keys.tick("#identity [name=how]")
    keys.go("[form=identity], #identity [type=submit]")
    while keys.page.locator(RECORD).count():
        keys.go(RECORD)


RECORD = "#codes .btn-outline-primary[type=submit]"


def give_back(keys: Keyboard, user, sentence: str) -> None:
    """Take the next case and return it with one standard cited and one field pinned."""
    take(keys, user, REGISTRATION)
    keys.key("R")
    keys.tick(".cite [name^=cite-]")
    keys.tick(".cite:has([name^=cite-]:checked) [name^=pins-]")
    keys.to(".pin:has(:checked) textarea")
    keys.type(sentence)
    keys.go("[form=send]")
