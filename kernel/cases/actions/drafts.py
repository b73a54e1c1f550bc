"""A draft is begun, and its pages are kept as they are typed; those of a case that waits for its applicant too."""

import json

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import catalogue
from kernel.accounts.models import User
from kernel.accounts.turns import one_at_a_time
from kernel.cases import name_claims, register, side_clocks
from kernel.cases.actions import appointments
from kernel.cases.actions.editing import editable, filing_of, saved, seen_mark
from kernel.cases.actions.materials import follow_roles
from kernel.cases.models import Application
from kernel.cases.numbers import draft_reference
from kernel.core import departments
from kernel.core.certain import certain
from kernel.core.errors import Refused, Stale
from kernel.core.moment import now
from kernel.form import flow
from kernel.form.filing import DIVISION_PLACE, NAME_PARTS, ROLES, Filing, full_name

MOST_DRAFTS = 20  # of one person at a time: an agent prepares several
MOST_TYPED = 256 * 1024  # characters of all answers of a filing: many times a full one
TYPE_IS_FIXED = _(
    "The company type stays as it was filed. For another one take the case back and begin a new one, or ask at the "
    "window."
)


@transaction.atomic
def begin_draft(
    *, actor, zone, company_type: str, channel: str = Application.Channel.ONLINE
) -> Application:
    """Open a draft for `actor`. An empty draft of the same type is handed back instead of a second one: of several
    presses at once the others wait for the first."""
    one_at_a_time(actor.pk)
    empty = Application.objects.filter(
        applicant=actor, zone=zone, state=flow.DRAFT, company_type=company_type, name="", version=0
    ).first()
    if empty:
        return empty
    _require_room(actor)
    at = now()
    draft = Application.objects.create(
        ref=draft_reference(at.date()),
        zone=zone,
        applicant=actor,
        company_type=company_type,
        channel=channel,
        created_at=at,
        saved_at=at,
    )
    minutes, reminded = side_clocks.draft_limits(draft)
    side_clocks.begin(draft, flow.DRAFT, minutes, at, reminded)
    return draft


def _require_room(actor: User) -> None:
    if Application.objects.filter(applicant=actor, state=flow.DRAFT).count() >= MOST_DRAFTS:
        sentence = _(
            "You have %(most)s drafts already. Submit one, or withdraw one that you don't need, and begin the new one "
            "then."
        )
        raise Refused(sentence % {"most": MOST_DRAFTS})


def _require_short(answers: dict) -> None:
    if len(json.dumps(answers, ensure_ascii=False)) > MOST_TYPED:
        raise Refused(
            _(
                "More was typed into this filing than a filing can hold, so this page was not kept. Shorten what you "
                "typed."
            )
        )


@transaction.atomic
def save_section(
    *, actor, application_id: int, section: str, values: dict, seen: str | None = None
) -> Application:
    """Keep a section's answers as typed, right or wrong.

    `seen` is the `seen_mark` of what the page showed; raises Stale when the stored answers differ from it and from
    what is being saved. Raises NotAllowed for a section that may not be changed now, and Refused for another company
    type once the case is filed. The case stays of its company type where the answer is none.
    """
    application = editable(actor, application_id, section)
    if section == "name" and application.state != flow.DRAFT:
        values = _of_the_same_type(application, values)
    stored = application.answers.get(section, {})
    if seen is not None and stored and seen != seen_mark(stored) and stored != values:
        raise Stale
    before = filing_of(application)
    application.answers = {**application.answers, section: values}
    _require_short(application.answers)
    if section == "scope" and application.name_reserved_until:
        _reserve_longer(application, before)
    if section == "name" and catalogue.company_types.find(values.get("company_type")):
        application.company_type = values["company_type"]
    if section in ("name", *ROLES) and values != stored:  # the type says who holds an office, too
        follow_roles(application)
    is_renamed = section == "name" and any(
        values.get(part) != stored.get(part) for part in (*NAME_PARTS, DIVISION_PLACE)
    )
    if (
        is_renamed and application.state == flow.DRAFT
    ):  # a filed case keeps the name it holds until it is sent back
        _rename(application)
    met = departments.meeting()
    if met and met.meeting and section == met.meeting.section and application.state == flow.DRAFT:
        appointments.hold_place(application, filing_of(application), actor)
    return saved(application)


def _of_the_same_type(application: Application, values: dict) -> dict:
    if values.get("company_type") not in (None, "", application.company_type):
        raise Refused(TYPE_IS_FIXED)
    return {**values, "company_type": application.company_type}


def _reserve_longer(application: Application, before: Filing) -> None:
    """An item that waits for an approval came into the scope, or the last one left it: the reservation follows."""
    zone, after = application.zone, filing_of(application)
    more = name_claims.months_reserved(zone, after) - name_claims.months_reserved(zone, before)
    application.name_reserved_until = name_claims.months_after(
        certain(application.name_reserved_until), more
    )


def _rename(application: Application) -> None:
    """A draft has other parts of a name; a reservation is of one name and ends with it."""
    application.name = full_name(application.answers["name"])[
        : Application._meta.get_field("name").max_length
    ]
    name_claims.release(application)
    register.enter(application)
