"""Signing the founders' papers: links with one-time codes, and the signatures themselves.

A signature stands for exactly the words that were read: it is stored with the digest of each paper, and a paper whose
digest differs now is unsigned. Nothing is written when an answer changes.
"""

import hashlib
import json
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel.cases import founders_papers, rights, signals, trail
from kernel.cases.actions.drafts import returned_fields
from kernel.cases.models import Application, Event, SigningRequest
from kernel.core.errors import Refused
from kernel.core.moment import now
from kernel.core.privacy import blind_index
from kernel.core.typed import digits
from kernel.form.filing import PersonFacts

CODE_DIGITS = 6
MOST_WRONG = 5
BETWEEN = timedelta(minutes=1)  # from one code to the next, when a signer asks for it

NOTHING_TO_SIGN = _(
    "The papers can't be signed yet: some answers are missing. Check what is open first."
)
NOT_SENT = _("Codes can't be sent from this installation yet. Ask the zone's administrator.")
CLOSED = _("These papers can't be signed now: the case is with the departments, or was taken back.")
NO_CODE = _("This code is no longer valid. Ask for a new one below.")
WRONG_CODE = _("This is not the code that was sent last. Check the message.")
TOO_SOON = _("A code was sent a moment ago. Wait a minute, then ask again.")
CHANGED = _("The papers have changed since you opened this page. Read them again, then sign.")
GONE = _("You have nothing to sign in this case any more.")


@transaction.atomic
def ask_signatures(*, actor, application_id: int) -> int:
    """Send a link and a code to everybody who has still to sign; returns to how many.

    Whoever was sent a code less than a minute ago keeps that one. Raises NotAllowed, Refused.
    """
    application = _locked(application_id)
    case = founders_papers.standing(application)
    rights.require_acting(actor, application, case.filing)
    _require_open(application)
    if not founders_papers.signers(case):
        raise Refused(NOTHING_TO_SIGN)
    sent = 0
    for signer in founders_papers.unsigned(case):
        request, _created = SigningRequest.objects.get_or_create(
            application=application, person=signer.person.uid, defaults={"asked_at": case.at}
        )
        if not _was_just_sent(request, case.at):
            _send(request, signer.person, case.at)
            sent += 1
    return sent


@transaction.atomic
def send_again(*, request_uid) -> None:
    """A new code for a signer who asks for it on the page of the link. Raises Refused within a minute of the last."""
    request, case, signer = _signing(request_uid)
    if _was_just_sent(request, case.at):
        raise Refused(TOO_SOON)
    _send(request, signer.person, case.at)


def open_link(*, request_uid, code: str) -> str:
    """Take the one-time code; whoever gave it may read and sign as long as `mark_of` the signer is what it returns.

    Raises Refused. Five wrong codes end the code, and so does a change of the signer's number or phone: it was sent to
    somebody else.
    """
    with transaction.atomic():
        request = SigningRequest.objects.select_for_update().get(uid=request_uid)
        at, mark = (
            now(),
            mark_of(
                founders_papers.standing(request.application).filing.by_uid.get(str(request.person))
            ),
        )
        valid = bool(request.code_digest) and request.wrong < MOST_WRONG and request.code_until > at
        right = valid and secrets.compare_digest(request.code_digest, _digest(request, mark, code))
        if right:
            request.code_digest, request.opened_at = "", at
        elif valid:
            request.wrong += 1
        request.save(update_fields=["code_digest", "opened_at", "wrong"])
    if not right:
        raise Refused(WRONG_CODE if valid and request.wrong < MOST_WRONG else NO_CODE)
    return mark


def mark_of(person: PersonFacts | None) -> str:
    """A keyed mark of who somebody is and where a code reaches them."""
    return blind_index(f"{person.number} {person.phone}") if person else ""


@transaction.atomic
def sign(*, request_uid, seen: dict[str, str]) -> Application:
    """Sign the papers that are still unsigned; `seen` maps each to the digest of what the page showed.

    A second click does nothing. Raises Refused when the papers changed meanwhile.
    """
    request, case, signer = _signing(request_uid)
    if signer.has_signed:
        return case.application
    digests = {kind: signer.papers[kind] for kind in signer.void}
    if seen != digests:
        raise Refused(CHANGED)
    _write(case.application, signer, digests, case.at)
    return case.application


def _write(
    application: Application, signer: founders_papers.Signer, digests: dict[str, str], at: datetime
) -> None:
    uid = signer.person.uid
    text = json.dumps([str(application.uid), uid, digests, at.isoformat()], sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    given = signer.given | {
        kind: {"said": what, "at": at.isoformat(), "digest": digest}
        for kind, what in digests.items()
    }
    signatures = {**application.answers.get("signatures", {}), uid: given}
    application.answers = {**application.answers, "signatures": signatures}
    application.version += 1
    trail.append(application, Event.Kind.SIGNED, at, papers=sorted(digests), digest=digest).save()
    application.save(update_fields=["answers", "version", "trail_head", "trail_length"])


def _signing(
    request_uid,
) -> tuple[SigningRequest, founders_papers.Standing, founders_papers.Signer]:
    """The link, its case under lock, and who signs by it. Raises Refused when there is nothing to sign any more."""
    request = SigningRequest.objects.get(uid=request_uid)
    application = _locked(request.application_id)
    _require_open(application)
    case = founders_papers.standing(application)
    signer = founders_papers.signer(case, str(request.person))
    if signer is None:
        raise Refused(GONE)
    return request, case, signer


def _was_just_sent(request: SigningRequest, at: datetime) -> bool:
    return bool(request.code_digest) and request.asked_at > at - BETWEEN


def _send(request: SigningRequest, person: PersonFacts, at: datetime) -> None:
    """Draw a code and hand it to whoever carries messages. Raises Refused where nobody does."""
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    minutes = request.application.zone.setting("signing_code_minutes")
    request.code_digest, request.code_until = (
        _digest(request, mark_of(person), code),
        at + timedelta(minutes=minutes),
    )
    request.wrong, request.asked_at = 0, at
    request.save()
    answers = signals.code_drawn.send_robust(
        sender=SigningRequest, request=request, person=person, code=code
    )
    if not any(carried is True for _receiver, carried in answers):
        raise Refused(NOT_SENT)


def _digest(request: SigningRequest, mark: str, code: str) -> str:
    return blind_index(f"{request.uid}:{mark}:{digits(code)}")


def _locked(application_id: int) -> Application:
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("zone")
        .get(pk=application_id)
    )


def _require_open(application: Application) -> None:
    """Papers are signed while they can change."""
    if not rights.is_open_throughout(application, returned_fields(application)):
        raise Refused(CLOSED)
