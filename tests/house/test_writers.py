"""Every public verb of an `actions` module that writes leaves an event on the case's trail."""

import ast

from tests.house.test_tree import ROOT, tracked
from tests.house.writers import House

TYPED = "what is typed into a draft or a returned case; the trail begins with what is sent"
LINK = "a link for a signer; the signature is the event"
NO_CASE = "belongs to no case; the row itself says who and when"
MESSAGE = "what is typed for a message; sending it is the event"
SCREEN = "joins a tablet to a visit whose beginning and end are events; what is done on it is one"
CLAIM = "a code that opens nothing by itself; the account's own page says when its phone was proved"
ROW = "the row itself says who and when"
NO_ROW = "takes out what a day has left; nothing is decided"
SILENT = {
    "services.hall.actions.give_link": ROW,
    "services.hall.actions.set_up": ROW,
    "services.hall.actions.take_away": ROW,
    "services.hall.actions.empty_phones": NO_ROW,
    "kernel.cases.actions.draw_screen_code": SCREEN,
    "kernel.cases.actions.join_screen": SCREEN,
    "kernel.cases.actions.keep_open": "a visit goes on; nothing is decided",
    "kernel.cases.actions.draw_claim_code": CLAIM,
    "kernel.cases.actions.take_claim_code": CLAIM,
    "kernel.cases.actions.link_on_screen": LINK,
    "kernel.cases.actions.ask_on_screen": LINK,
    "kernel.cases.actions.keep_message_draft": MESSAGE,
    "kernel.cases.actions.add_message_file": MESSAGE,
    "kernel.cases.actions.remove_message_file": MESSAGE,
    "kernel.cases.actions.mark_read": "having read it changes nothing of the case",
    "kernel.standards.actions.begin_version": NO_CASE,
    "kernel.standards.actions.keep_standard": NO_CASE,
    "kernel.standards.actions.drop_standard": NO_CASE,
    "kernel.standards.actions.discard_version": NO_CASE,
    "kernel.standards.actions.publish_version": NO_CASE,
    "kernel.cases.actions.begin_draft": TYPED,
    "kernel.cases.actions.save_person": TYPED,
    "kernel.cases.actions.remove_person": TYPED,
    "kernel.cases.actions.make_shareholder": TYPED,
    "kernel.cases.actions.merge_people": TYPED,
    "kernel.cases.actions.add_material": TYPED,
    "kernel.cases.actions.add_id_copy": TYPED,
    "kernel.cases.actions.place_id_copy": TYPED,
    "kernel.cases.actions.remove_material": TYPED,
    "kernel.cases.actions.ask_deferral": TYPED,
    "kernel.cases.actions.take_back_deferral": TYPED,
    "kernel.cases.actions.reserve_name": TYPED,
    "kernel.cases.actions.ask_signatures": LINK,
    "kernel.cases.actions.send_again": LINK,
    "kernel.cases.actions.open_link": LINK,
    "kernel.cases.actions.own_link": LINK,
    "kernel.cases.actions.prove": LINK,
    "kernel.cases.actions.end_what_has_come": "the lock on a case writes down by itself what has come",
    "reviews.actions.ask_for_review": "the row itself says that somebody was asked, and when",
    "kernel.cases.actions.touch": "an officer's page is open; nothing is decided",
}


def sources() -> dict[str, str]:
    paths = [
        path.relative_to(ROOT)
        for path in tracked("*.py")
        if not {"tests", "migrations", "script", "benchmarks"} & set(path.parts)
    ]
    return {
        ".".join(path.with_suffix("").parts).removesuffix(".__init__"): (ROOT / path).read_text(
            encoding="utf-8"
        )
        for path in paths
    }


def verbs(found: dict[str, str]) -> list[str]:
    """The public functions of `actions` modules; of a package, what it hands on."""
    public = []
    for module, source in found.items():
        if module.rpartition(".")[2] != "actions":
            continue
        tree = ast.parse(source)
        handed = [one for one in tree.body if isinstance(one, ast.ImportFrom)]
        defined = [one.name for one in tree.body if isinstance(one, ast.FunctionDef)]
        names = defined or [alias.name for one in handed for alias in one.names]
        public += [f"{module}.{name}" for name in names if not name.startswith("_")]
    return public


def test_who_writes_appends_an_event():
    found = sources()
    public = verbs(found)
    assert len(public) > 60
    silent = House(found).silent_writers(public)
    assert silent - set(SILENT) == set(), "they write and leave nothing on the trail"
    assert set(SILENT) - silent == set(), "these are silent no more: take them off the list"


NEW = """
from kernel.cases.locked_case import locked_case
from reviews.models import Review

def quietly(*, actor, review_id):
    review = Review.objects.get(pk=review_id)
    review.level = 5
    review.save()

def by_a_helper(*, actor, review_id):
    _helper(review_id)

def _helper(review_id):
    Review.objects.filter(pk=review_id).update(level=5)

def locked(*, actor, application_id):
    with locked_case(application_id, actor) as case:
        case.application.name = "x"

def told(*, actor, application_id):
    with locked_case(application_id, actor) as case:
        _tell(case)

def _tell(case):
    case.record("reviewed")

def looks(*, review_id):
    return Review.objects.get(pk=review_id)
"""


def test_a_new_silent_writer_is_found():
    """The rule can fail: a verb that saves, one whose helper does, and one that locks a case and says nothing."""
    found = {**sources(), "novel.actions": NEW}
    public = [name for name in verbs(found) if name.startswith("novel.")]
    assert len(public) == 5
    assert House(found).silent_writers(public) == {
        f"novel.actions.{name}" for name in ("quietly", "by_a_helper", "locked")
    }


def test_a_verb_that_loses_its_event_is_found():
    """Take the events out of reviews as they stand, and the rule names both verbs."""
    found = sources()
    for module in ("leaving", "contacting"):
        name = f"reviews.actions.{module}"
        found[name] = found[name].replace("record(locked", "str(locked")
    assert House(found).silent_writers(verbs(found)) - set(SILENT) == {
        "reviews.actions.leave_review",
        "reviews.actions.leave_review_of_thing",
        "reviews.actions.record_follow_up",
        "reviews.actions.write_to_writer",
    }
