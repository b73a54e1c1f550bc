"""Filings whose every answer is right, for tests that then put one thing wrong. Nothing here touches the database."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path

from django.utils.timezone import localdate
from stdnum.cn import ric

from kernel import catalogue
from kernel.core.moment import now
from kernel.form import flow, id_copies
from kernel.form.codes import make_uscc
from kernel.form.fields import Form, form
from kernel.form.filing import Filing, PersonFacts
from kernel.form.stored_files import StoredFile
from kernel.standards.parts import parts
from kernel.standards.publishing import Shipped, shipped
from kernel.standards.records import StandardSet, Version, read_items
from tests.house.surroundings import beside_the_tests_of_departments

TEXTS = json.loads((Path(__file__).parent / "data" / "filing.json").read_text(encoding="utf-8"))
CAPITAL = 2_000_000  # yuan
# Contributions of the natural founders and of a founding company, in yuan; 4540 and 9500 have none to declare.
SHARES = {
    "1130": ([1_200_000, 800_000], None),
    "1151": ([CAPITAL], None),
    "1152": ([], CAPITAL),
    "1190": ([800_000], 1_200_000),
    "4540": ([0], None),
    "9500": ([0], None),
}
TYPES = tuple(SHARES)

_places = count()


def latest_standards() -> StandardSet:
    """The newest version of each part of the standards that the product comes with."""
    return StandardSet(tuple(as_version(shipped(part)[-1]) for part in parts()))


def as_version(one: Shipped) -> Version:
    return Version(one.part, one.number, one.effective_from, read_items(one.items))


Materials = dict[str, list[StoredFile]]
Answers = tuple[dict[str, dict], list[PersonFacts], Materials]


def complete_answers(
    company_type: str = "1130", day: date | None = None, departments: Sequence[str] = ()
) -> Answers:
    """(sections, people, materials) as typed and uploaded on `day` (today): a filing that passes every rule.

    People have fresh uids. 1130: a shareholder who directs, one who supervises, and a contact; 1151: one shareholder
    and two more people; 1152: a company as the shareholder (last in the list) and three people; 1190: a person and a
    company; 4540 and 9500: the founder and two more people. `departments` are the codes of those that the case goes
    through (the usual ones).
    """
    day = day or localdate(now())
    people = _people(company_type, day)
    chief, supervisor, contact = people[:3]
    sections = {
        "name": {"company_type": company_type, **TEXTS["name"], "trade_name": fresh_trade_name()},
        "scope": {"industry": "6513", "items": ["I3006", "F3134"]},
        "address": {
            "division": "3703GX",
            "detail": TEXTS["address_detail"],
            "proof": "leased",
            "lease_until": (day + timedelta(days=700)).isoformat(),
        },
        "capital": {"amount": f"{CAPITAL}", "paid_by": _in_three_years(day)},
        "shareholders": {},
        "officers": {
            "legal_representative": chief.uid,
            "director": chief.uid,
            "manager": chief.uid,
            "supervisor": supervisor.uid,
        },
        "contacts": {
            "finance": contact.uid,
            "tax_agent": contact.uid,
            "social_security": contact.uid,
        },
        "seals": {
            "contract_seal": "no",
            "delivery": "courier",
            "recipient": TEXTS["recipient"],
            "phone": "13800000426",
            "address": TEXTS["address_detail"],
        },
        "tax": {
            "taxpayer_class": "small",
            "accounting_system": "small_business",
            "invoice_kind": "digital",
            "withholding": "yes",
        },
        "social_security": {
            "has_employees": "yes",
            "employee_count": "3",
            "hired_on": day.isoformat(),
        },
        "bank": {
            "branch": "ICBC-GX",
            "meeting": "video",
            "appointment": "soon",
        },
    }
    for said in beside_the_tests_of_departments("answers"):
        sections |= {section: dict(values) for section, values in said.ANSWERS.items()}
    asked = form(company_type, departments or flow.usual())
    sections = _as_asked(company_type, sections, asked)
    return sections, people, _materials(Filing(company_type, sections, tuple(people), {}, day))


def _as_asked(company_type: str, sections: dict, form: Form) -> dict:
    """The answers that this company type is asked for, with what it proposes of its own."""
    kind, asked = (
        catalogue.company_type(company_type),
        {field.key for field in form.fields},
    )
    sections["name"]["organisation_form"] = kind.organisation_forms[0]
    for section in sections:
        sections[section] |= kind.proposals(section)
    return {
        section: {name: value for name, value in values.items() if f"{section}.{name}" in asked}
        for section, values in sections.items()
        if form.has_section(section)
    }


def complete_filing(company_type: str = "1130", **changes) -> Filing:
    """A filing that passes every rule, except for the changes.

    `section__field=value` changes an answer; `people={0: {"phone": ""}}` a person's data by place in the list (`kind`
    and `is_shareholder` too); `materials={"id_copies": []}` the files of a kind; `officers__manager=2` names a person
    by place; `filed_on`, `supervisor_required` and `departments` (at work) are the filing's own.
    """
    filed_on = changes.pop("filed_on", None) or localdate(now())
    desks = changes.pop("departments", flow.usual())
    sections, people, materials = complete_answers(company_type, filed_on, desks)
    for place, change in changes.pop("people", {}).items():
        people[place] = _changed(people[place], dict(change))
    given = changes.pop("materials", {})
    required = changes.pop("supervisor_required", False)
    for key, value in changes.items():
        section, field = key.split("__")
        by_place = section in ("officers", "contacts", "agent") and isinstance(value, int)
        sections.setdefault(section, {})[field] = people[value].uid if by_place else value
    filing = Filing(
        company_type, sections, tuple(people), materials, filed_on, required, at_work=desks
    )
    return replace(filing, materials=_materials(filing) | given)


def fresh_trade_name() -> str:
    """A trade name that no other filing of this run has, so that cases don't take each other's name."""
    place, characters = next(_places), TEXTS["trade_name_characters"]
    rest = ""
    for _turn in range(3):
        place, index = divmod(place, len(characters))
        rest += characters[index]
    return TEXTS["name"]["trade_name"] + rest


def resident_id(born: str, sequence: int) -> str:
    """A resident ID number of Shandong with a right check digit; `born` is YYYYMMDD."""
    body = f"370303{born}{sequence:03}"
    return body + ric.calc_check_digit(f"{body}0")


def _people(company_type: str, day: date) -> list[PersonFacts]:
    shares, of_company = SHARES[company_type]
    people = [
        PersonFacts(
            uid=str(uuid.uuid4()),
            kind="natural",
            is_shareholder=place < len(shares),
            data={
                "name": name,
                "id_number": resident_id("19900101", 101 + 2 * place),
                "id_from": "2015-06-01",
                "id_until": _in_three_years(day) if place else "",
                "id_long_term": "" if place else "yes",
                "phone": f"1380000{place:04}",
                "address": TEXTS["address_detail"],
                **(_share(shares[place], day) if place < len(shares) and shares[place] else {}),
            },
        )
        for place, name in enumerate(TEXTS["people"])
    ]
    if of_company:
        company = {
            **TEXTS["shareholding_company"],
            "uscc": make_uscc("370303", 427),
            **_share(of_company, day),
        }
        people.append(PersonFacts(str(uuid.uuid4()), "legal", True, company))
    return people


def _share(amount: int, day: date) -> dict[str, str]:
    return {
        "contribution": f"{amount}",
        "contribution_form": "money",
        "contribution_due": _in_three_years(day),
    }


def _in_three_years(day: date) -> str:
    return (day + timedelta(days=3 * 365)).isoformat()


def _materials(filing: Filing) -> Materials:
    kinds = ["address_proof", *(["shareholder_licence"] if SHARES[filing.company_type][1] else [])]
    files = {kind: [_file(TEXTS["files"][kind], 2, kind)] for kind in kinds}
    for place in id_copies.places(filing):
        name = f"{place.person.name}.jpg"
        file = _file(name, 1, place.name, person=place.person.uid, side=place.side.value)
        files.setdefault(place.kind, []).append(file)
    return files


def _file(name: str, pages: int, content: str, **place) -> StoredFile:
    return StoredFile(name, pages, sha256(content.encode()).hexdigest(), **place)


def _changed(person: PersonFacts, change: dict) -> PersonFacts:
    own = {name: change.pop(name) for name in ("kind", "is_shareholder") if name in change}
    return replace(person, **own, data={**person.data, **change})
