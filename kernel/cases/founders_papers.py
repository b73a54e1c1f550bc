"""The papers that founders sign: which of them a filing has, what they say, and in which roles who signs which
(`kernel.cases.signers` says who has).

`case` is anything with `application`, `filing` and `at`: a case under its lock, a draft as pages read it, or what
`standing` gives. Papers are printed in Chinese whatever language is read; functions here see to that themselves.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from kernel.cases import characters, paper_facts
from kernel.cases.models import Application
from kernel.core import departments, written
from kernel.core.departments import Department, Table
from kernel.core.moment import now
from kernel.core.privacy import blind_index
from kernel.form import flow
from kernel.form.filing import OFFICES, Filing, PersonFacts, read
from kernel.papers import glyphs
from kernel.papers.context import applies, context
from kernel.papers.facts import MissingFacts, Paper
from kernel.papers.wording import words
from kernel.standards.display import role_title

SHAREHOLDER, HEAD, AGENT = "shareholder", "legal_representative", "agent"
_SIGNED_BY = {
    "application_form": (SHAREHOLDER, HEAD),
    "articles": (SHAREHOLDER,),
    "resolution": (SHAREHOLDER,),
    "appointments": OFFICES,
    "address_commitment": (HEAD,),
    "informed_commitment": (SHAREHOLDER, HEAD),
    "power_of_attorney": (SHAREHOLDER, AGENT),
}  # in the order in which they are read
# By kind, the departments' after them.
SIGNED_BY = Table(
    lambda found: (
        _SIGNED_BY | {paper.kind: paper.signed_by for _code, paper in _of_departments(found)}
    )
)
NOT_IN_DRAFTS = (
    "uscc",
    "established_on",
    "issued_on",
    "filing_number",
)  # known from the submit or the approval on
UNSIGNED = ("signatures", "issued_on", "filing_number")  # what a paper prints and nobody signs
MARK = 16  # hex digits of a digest that are printed


def _of_departments(departments: Iterable[Department]) -> list[tuple[str, Paper]]:
    """The papers of departments that are signed with the founders' own, each with its department."""
    return [
        (department.code, paper)
        for department in departments
        for paper in department.papers
        if paper.signed_by
    ]


@dataclass(frozen=True)
class Standing:
    """A case as it stands, for those who work on its papers alone."""

    application: Application
    filing: Filing
    at: datetime


def standing(application: Application) -> Standing:
    at = now()
    people, materials = application.people.all(), application.materials.all()
    return Standing(application, read(application, people, materials, localdate(at)), at)


def papers(case) -> dict[str, dict]:
    """The facts of each paper of this filing, by kind, in the order in which they are read; without signatures."""
    filing = case.filing
    with translation.override(paper_facts.PRINTED_IN):
        company = _company(case)
        facts = {
            kind: company | OWN[kind](case)
            for kind in _SIGNED_BY
            if applies(kind, filing.company_type)
            and (kind != "power_of_attorney" or filing.holder_of(AGENT))
        }
        for _code, paper in _of_departments(departments.those(filing.departments or ())):
            if paper.drafted and (own := paper.drafted(case)) is not None:
                facts[paper.kind] = company | own
    return facts


def without_font(case) -> dict[str, str]:
    """Each character of this filing that no font here has → the first text that has it."""
    return glyphs.lacking(_printed(case))


def _printed(case) -> list:
    """All that the papers say, those of the departments too."""
    return [_company(case), papers(case), [person.name for person in case.filing.people]]


def unprintable(case) -> list[str]:
    """A sentence for each character of this filing that no font here has, and of which no picture is attached yet: no
    paper is signed with a hole in a name."""
    lacking = characters.undrawn(case.application, _printed(case))
    return [
        _(
            "No font here has the character “%(character)s” (%(code)s) of “%(text)s”: it would be missing on the "
            "licence and the papers. Attach its picture below; then the case can be approved."
        )
        % {
            "character": written.shown(character),
            "code": written.code(character),
            "text": written.shown(text),
        }
        for character, text in lacking.items()
    ]


def digest(kind: str, facts: dict, filing: Filing) -> str:
    """SHA-256 of what the paper says, whoever has signed it; empty while a fact is missing.

    Numbers are printed masked and names are shared: the digest covers, under a key, the whole number of everybody who
    signs the paper or stands in it. A signature is for these people and nobody of the same name.
    """
    try:
        printed = context(
            kind,
            {name: value for name, value in facts.items() if name not in UNSIGNED},
            sample=False,
        )
    except MissingFacts:
        return ""
    words = [
        printed["title"],
        printed["address_line"],
        [_words_of(block) for block in printed["blocks"]],
    ]
    text = json.dumps(words, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256((text + _behind(kind, text, filing)).encode()).hexdigest()


def _words_of(block: dict) -> dict:
    """A block without how its columns are set."""
    heads, rows = block.get("heads", ()), block.get("rows", ())
    told = {
        "heads": [text for text, _style in heads],
        "rows": [[text for text, _style in row] for row in rows],
    }
    return block | told


def _behind(kind: str, text: str, filing: Filing) -> str:
    """The keyed digest of the numbers of who signs a paper or is named in its text."""
    signing = people_of(filing, SIGNED_BY[kind])
    concerned = [
        person
        for person in filing.people
        if person in signing or (person.name and person.name in text)
    ]
    return blind_index(" ".join(sorted(person.number for person in concerned)))


def digests(case) -> dict[str, str]:
    """The digest of each paper of this filing, by kind, in the order in which they are read."""
    return {kind: digest(kind, facts, case.filing) for kind, facts in papers(case).items()}


def role_codes_of(filing: Filing, person: PersonFacts) -> tuple[str, ...]:
    """The roles in which a person signs, the one that binds most first."""
    roles = (SHAREHOLDER, *OFFICES, AGENT)
    return tuple(role for role in roles if person in people_of(filing, (role,)))


def roles_of(filing: Filing, person: PersonFacts) -> tuple[str, ...]:
    """The same as they are called, in the active language."""
    held = role_codes_of(filing, person)
    return tuple(dict.fromkeys(str(role_title(filing.form, role)) for role in held))


def with_signatures(case, kind: str, facts: dict) -> dict:
    """The paper's facts with a line for each signer of it; signatures that it outlived are not printed."""
    given = case.filing.sections.get("signatures", {})
    present = digest(kind, facts, case.filing) if given else ""
    with translation.override(paper_facts.PRINTED_IN):
        lines = [
            _signature(case.filing, person, given.get(person.uid, {}).get(kind), present)
            for person in people_of(case.filing, SIGNED_BY[kind])
        ]
    return facts | {"signatures": lines}


def issue(case) -> None:
    """Issue every paper of the filing, as it was signed, with the day of the approval."""
    dated = {
        "issued_on": localdate(case.at).isoformat(),
        "filing_number": case.application.filing_number,
    }
    whose = {paper.kind: code for code, paper in _of_departments(departments.departments())}
    for kind, facts in papers(case).items():
        by = whose.get(kind, flow.registrar())
        case.issue(kind, by, with_signatures(case, kind, facts) | dated)


def has_signed(case, kind: str, person: PersonFacts | None) -> bool:
    """Whether this person's signature stands below the present words of a paper."""
    given = case.filing.sections.get("signatures", {}).get(person.uid, {}) if person else {}
    if kind not in given:
        return False
    facts = papers(case).get(kind)
    return facts is not None and given[kind]["said"] == digest(kind, facts, case.filing)


def mark(digest: str) -> str:
    """The beginning of a digest in groups of four, as papers print it."""
    return " ".join(digest[place : place + 4] for place in range(0, MARK, 4))


def _signature(filing: Filing, person: PersonFacts, given: dict | None, present: str) -> dict:
    line = {"role": words("common")["joint"].join(roles_of(filing, person)), "person": person.name}
    if given and given["said"] == present:
        line |= {"signed_at": given["at"], "mark": mark(given["digest"])}
    return line


def people_of(filing: Filing, roles: tuple[str, ...]) -> list[PersonFacts]:
    """The holders of roles, each once."""
    people = []
    for role in roles:
        held = filing.shareholders if role == SHAREHOLDER else (filing.holder_of(role),)
        people += [person for person in held if person and person not in people]
    return people


def _company(case) -> dict:
    """What all papers say of the company, as far as it is known before the filing."""
    facts = {
        name: value
        for name, value in paper_facts.company(case).items()
        if name not in NOT_IN_DRAFTS
    }
    head = case.filing.holder_of(HEAD)
    return facts | {"legal_representative": head.name if head else ""}


OWN = {
    "application_form": paper_facts.application_form,
    "articles": paper_facts.articles,
    "resolution": paper_facts.resolution,
    "appointments": paper_facts.appointments,
    "address_commitment": paper_facts.address_commitment,
    "informed_commitment": lambda _case: {},
    "power_of_attorney": paper_facts.power_of_attorney,
}
