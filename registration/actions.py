"""What happens to a licence once it is issued: it is issued anew, or revoked. The trail and /verify/ say so."""

from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from kernel.cases import characters, paper_facts, register, rights
from kernel.cases.locked_case import Case, locked_case
from kernel.cases.models import Application, Document, Event, RegisterEntry
from kernel.core import written
from kernel.core.errors import Incomplete, Refused, Stale
from registration import papers


def reissue_licence(*, actor, application_id: int, ground: str) -> Application:
    """Replace the licence, lost or damaged, by one of today with new codes. Raises Stale where none is in force."""
    with locked_case(application_id, actor) as case:
        facts = _end(case, ground, Document.State.REPLACED)
        if lacking := characters.undrawn(case.application, facts):
            sentence = _(
                "No font here has %(codes)s: the licence would be printed without it. Have the administrator install a "
                "font that has it."
            )
            raise Refused(sentence % {"codes": ", ".join(map(written.code, lacking))})
        with translation.override(paper_facts.PRINTED_IN):
            papers.issue_licence(case, facts | {"issued_on": localdate(case.at).isoformat()})
        case.record(Event.Kind.REISSUED, ground=ground.strip())
    return case.application


def revoke_licence(*, actor, application_id: int, ground: str) -> Application:
    """Take the licence out of force: nobody works on the case any more, and the register lets the name rest.

    Raises Stale where none is in force.
    """
    with locked_case(application_id, actor) as case:
        _end(case, ground, Document.State.REVOKED)
        case.application.revoke()
        case.end()
        register.mark_gone(case.application, RegisterEntry.State.REVOKED, localdate(case.at))
        case.record(Event.Kind.REVOKED, ground=ground.strip())
    return case.application


def _end(case: Case, ground: str, state: str) -> dict:
    """Take every format of the licence out of force; returns what it says of the company."""
    rights.require_licence_keeper(case.actor, case.application)
    if not ground.strip():
        raise Incomplete(_("Write the ground. Whoever verifies the licence reads it."))
    in_force = case.application.documents.filter(kind__in=papers.LICENCE).exclude(
        state__in=Document.ENDED
    )
    licence = in_force.first()
    if licence is None:
        raise Stale
    in_force.update(state=state, ended_at=case.at, ended_ground=ground.strip())
    return {name: value for name, value in licence.facts.items() if name != "copy"}
