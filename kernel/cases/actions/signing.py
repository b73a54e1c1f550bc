"""Signing the founders' papers.

A signature stands for exactly the words that were read: it is stored with the digest of each paper, and a paper whose
digest differs now is unsigned. Nothing is written when an answer changes.
"""

import hashlib
import json

from django.utils.translation import gettext_lazy as _

from kernel.cases.actions.objections import DECIDED, end
from kernel.cases.actions.signing_links import GONE, require_open
from kernel.cases.locked_case import Case, locked_case
from kernel.cases.models import Application, Awaits, Event, SigningRequest
from kernel.cases.signers import Signer, refusal_key, signers_of
from kernel.core.errors import Refused
from kernel.form import flow

AT_COUNTER = "counter"  # of a proof: an officer knows who it is
CHANGED = _("The papers have changed since you opened this page. Read them again, then sign.")


def sign(*, request_uid, seen: dict[str, str], proof: dict) -> Application:
    """`sign_as` by the link of a signer."""
    link = SigningRequest.objects.get(uid=request_uid)
    return sign_as(
        application_id=link.application_id, person=str(link.person), seen=seen, proof=proof
    )


def sign_as(*, application_id: int, person: str, seen: dict[str, str], proof: dict) -> Application:
    """Sign the papers that this person (a `uid`) has still to sign; `seen` maps each to the digest of what was shown.

    `proof` says how the signer has shown who they are, and stays with the signature. A second click does nothing. The
    last signature that a stage waits for lets it go on. Raises Refused when the papers changed meanwhile, and for who
    has nothing to sign any more.
    """
    with locked_case(application_id) as case:
        require_open(case.application)
        signers = signers_of(case)
        signer = next((row for row in signers if row.person.uid == person), None)
        if signer is None:
            raise Refused(GONE)
        if not signer.has_signed:
            digests = {kind: signer.papers[kind] for kind in signer.void}
            if seen != digests:
                raise Refused(CHANGED)
            if signer.refuses:
                _change_of_mind(case, signer)
            _keep(case, signer, digests, proof)
            if all(row.has_signed for row in signers if row is not signer):
                _go_on(case)
    return case.application


def _keep(case: Case, signer: Signer, digests: dict[str, str], proof: dict) -> None:
    application, uid, at = case.application, signer.person.uid, case.at.isoformat()
    text = json.dumps([str(application.uid), uid, digests, at, proof], sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    given = signer.given | {
        kind: {"said": what, "at": at, "digest": digest, "proof": proof}
        for kind, what in digests.items()
    }
    signatures = {**application.answers.get("signatures", {}), uid: given}
    application.answers = {**application.answers, "signatures": signatures}
    application.save(update_fields=["answers"])
    SigningRequest.objects.filter(application=application, person=uid).update(
        looked_at=case.at, told_at=None
    )
    case.record(Event.Kind.SIGNED, papers=sorted(digests), digest=digest, **_shown(proof))


def _shown(proof: dict) -> dict:
    """What the trail says of a signature that was given at the counter, without log-in or link."""
    if proof.get("by") != AT_COUNTER:
        return {}
    return {name: proof[name] for name in ("by", "how", "counter", "helper")}


def _change_of_mind(case: Case, signer: Signer) -> None:
    """Who refused and signs after all takes it back; what the supervisor upheld stays. Raises Refused."""
    rows = case.application.objections.standing()
    for row in rows.filter(number_index=refusal_key(signer.person)).select_related("escalation"):
        if row.decided_at:
            raise Refused(DECIDED)
        end(case, row)


def _go_on(case: Case) -> None:
    """Everybody has signed: what waited for it goes on."""
    for stage in case.stages.values():
        if stage.state == flow.AWAITING and stage.awaits == Awaits.SIGNATURE:
            case.end_awaiting(stage)
