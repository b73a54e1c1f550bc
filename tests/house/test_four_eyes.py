"""What only two persons do has one door: `proposing.agree`. Whoever writes the same thing elsewhere is found here."""

import inspect
import re

from kernel.accounts import proposal_kinds
from tests.house.test_writers import sources

HOST = "a command of the operator on the host"
# What is written by two persons, how the source says it, and who may: the deed itself, and what isn't a person's.
WRITING = {
    "a case is declined": (r"\.application\.decline\(\)", {"kernel.cases.actions.supervise"}),
    "a licence is revoked": (r"\.application\.revoke\(\)", {"registration.actions"}),
    "a licence is out of force": (
        r"Document\.State\.(REVOKED|REPLACED)\b",
        {"registration.actions"},
    ),
    "standards are published": (
        r"\.effective_from = |effective_from=effective_from, items",
        {
            "kernel.standards.actions",
            "kernel.standards.publishing",  # what the product ships, by load_reference on the host
        },
    ),
    "a word is changed": (
        r"name_words\.change\(",
        {
            "kernel.cases.words_for_two",
            "kernel.cases.management.commands.import_words",  # HOST
        },
    ),
    "a zone's words are used": (r"\.in_force_from = ", {"kernel.zone_words.actions"}),
    "a zone's settings are written": (
        r"\.settings = (?!self\.base)",
        {
            "kernel.accounts.loosening",
            "kernel.accounts.zone_form",  # but for what it holds back
            "portal.supervision.adoption",  # time limits, which take nobody's look away
        },
    ),
    "roles are given": (
        r"\.roles = |\.roles, \w+\.zone_id|roles=\(",
        {
            "kernel.accounts.powerful",
            "kernel.accounts.admin_people",  # but for what it holds back
            "kernel.accounts.models",  # create_operator, HOST
            "kernel.accounts.actions",  # applicants who register
        },
    ),
    "a second step is forgotten": (
        r"second_step\.forget\(",
        {
            "kernel.accounts.powerful",
            "kernel.accounts.management.commands.enrolment_link",  # HOST
        },
    ),
    "a password is set": (
        r"\.set_(unusable_)?password\(",
        {
            "kernel.accounts.actions",  # its holder's, and the window's that takes it away
            "kernel.accounts.powerful",
            "kernel.accounts.admin_people",  # none, for a new account
        },
    ),
}
SHOWING = {"registration.licence_views", "portal.pages.verifying"}  # read a state of a paper


def writers(found: dict[str, str], pattern: str) -> set[str]:
    """The modules that say it, but for the demonstration, which production doesn't install."""
    return {
        module
        for module, source in found.items()
        if re.search(pattern, source) and not module.startswith("portal.demo")
    }


def test_nobody_writes_it_elsewhere():
    found = sources()
    for what, (pattern, may) in WRITING.items():
        assert writers(found, pattern) - SHOWING <= may, what
        assert may <= writers(found, pattern), f"{what}: take off the list who does so no more"


def test_the_next_writer_is_found():
    novel = {
        "novel.views": "case.application.decline()\nuser.roles = ('supervisor',)\nzone.settings = {}\n"
        "second_step.forget(user)\nuser.set_password('x')\nname_words.change([word])"
    }
    found = [what for what, (pattern, _may) in WRITING.items() if writers(novel, pattern)]
    assert len(found) == 6


def test_a_deed_takes_an_agreement_and_asks_it_first():
    """Who calls it without one is refused: tests/attacks/test_four_eyes.py tries each with one made by hand."""
    kinds = proposal_kinds.kinds()
    assert len(kinds) >= 8
    for kind in kinds.values():
        (name,) = inspect.signature(kind.do).parameters
        assert name == "agreed", kind.code
        code = inspect.getsource(kind.do)
        assert re.search(r"agreed\.of\([A-Z]+\)", code), kind.code


def test_nobody_does_a_deed_but_by_agreeing():
    """Its name stands where it is made and where its kind is registered."""
    found = sources()
    for kind in proposal_kinds.kinds().values():
        home, name = kind.do.__module__, kind.do.__name__
        calls = {
            module
            for module, source in found.items()
            if module != home and re.search(rf"\b{home.rpartition('.')[2]}\.{name}\(", source)
        }
        imports = {
            module
            for module, source in found.items()
            if re.search(rf"from {re.escape(home)} import [^\n]*\b{name}\b", source)
        }
        assert not calls | imports, kind.code
