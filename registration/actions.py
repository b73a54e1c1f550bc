"""What happens to a licence once it is issued: it is issued anew, or revoked. One person asks for it, a second agrees;
the trail and /verify/ say so."""

from django.db import transaction
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from kernel.accounts.proposal_kinds import Agreed
from kernel.accounts.proposals import Proposal
from kernel.cases import characters, paper_facts, proposed, register, rights
from kernel.cases.locked_case import Case, locked_case
from kernel.cases.models import Application, Document, Event, RegisterEntry
from kernel.core import written
from kernel.core.errors import Incomplete, Refused, Stale
from kernel.form import flow
from registration import papers

REISSUE, REVOKE = "reissue", "revoke"


def ask_to_reissue(*, actor, application_id: int, ground: str) -> Proposal:
    """Put it before a second person that the licence, lost or damaged, be replaced. Raises Stale where none is in
    force, and what `proposed.ask` raises."""
    return _ask(REISSUE, actor, application_id, ground)


def ask_to_revoke(*, actor, application_id: int, ground: str) -> Proposal:
    """Put it before a second person that the licence be taken out of force. Raises as `ask_to_reissue`."""
    return _ask(REVOKE, actor, application_id, ground)


def _ask(kind: str, actor, application_id: int, ground: str) -> Proposal:
    if not ground.strip():
        raise Incomplete(_("Write the ground. Whoever verifies the licence reads it."))
    with transaction.atomic():
        with locked_case(application_id, actor) as case:
            rights.require_licence_keeper(actor, case.application)
            licence = _in_force(case)
            if kind == REISSUE:
                _require_printable(case, licence)
        return proposed.ask(
            case.application,
            actor=actor,
            kind=kind,
            reason=ground,
            arguments={"ground": ground.strip(), "licence": str(licence.uid)},
        )


def reissue_licence(agreed: Agreed) -> Application:
    """Replace the licence by one of today with new codes. Raises Stale where it isn't in force any more."""
    asked = agreed.of(REISSUE)
    with locked_case(asked["application_id"], agreed.first) as case:
        licence = _end(case, asked, Document.State.REPLACED)
        _require_printable(case, licence)
        facts = _said(licence) | {"issued_on": localdate(case.at).isoformat()}
        with translation.override(paper_facts.PRINTED_IN):
            papers.issue_licence(case, facts)
        case.record(Event.Kind.REISSUED, ground=asked["ground"], **agreed.seal)
    return case.application


def revoke_licence(agreed: Agreed) -> Application:
    """Take the licence out of force: nobody works on the case any more, and the register lets the name rest.

    Raises Stale where it isn't in force any more.
    """
    asked = agreed.of(REVOKE)
    with locked_case(asked["application_id"], agreed.first) as case:
        _end(case, asked, Document.State.REVOKED)
        case.application.revoke()
        case.end()
        register.mark_gone(case.application, RegisterEntry.State.REVOKED, localdate(case.at))
        case.record(Event.Kind.REVOKED, ground=asked["ground"], **agreed.seal)
    return case.application


def _end(case: Case, asked: dict, state: str) -> Document:
    """Take every format of the licence out of force that it was asked for."""
    rights.require_licence_keeper(case.actor, case.application)
    case.role = case.actor.role_at(flow.registrar())
    licence = _in_force(case)
    if str(licence.uid) != asked["licence"]:  # another one was issued meanwhile
        raise Stale
    _formats(case).update(state=state, ended_at=case.at, ended_ground=asked["ground"])
    return licence


def _in_force(case: Case) -> Document:
    """Raises Stale where there is none."""
    licence = _formats(case).first()
    if licence is None:
        raise Stale
    return licence


def _formats(case: Case):
    licences = case.application.documents.filter(kind__in=papers.LICENCE)
    return licences.exclude(state__in=Document.ENDED).order_by("pk")


def _said(licence: Document) -> dict:
    """What it says of the company."""
    return {name: value for name, value in licence.facts.items() if name != "copy"}


def _require_printable(case: Case, licence: Document) -> None:
    if lacking := characters.undrawn(case.application, _said(licence)):
        sentence = _(
            "No font here has %(codes)s: the licence would be printed without it. Have the administrator install a "
            "font that has it."
        )
        raise Refused(sentence % {"codes": ", ".join(map(written.code, lacking))})
