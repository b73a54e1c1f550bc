"""Signing the founders' papers: links with one-time codes, and the signatures themselves.

A signature stands for exactly the words that were read: it is stored with the digest of each paper, and a paper whose
digest differs now is unsigned. Nothing is written when an answer changes.
"""

import hashlib
import json
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel.accounts import one_time_codes
from kernel.accounts.one_time_codes import NoCode, Purpose, TooMany, TooSoon
from kernel.cases import founders_papers, rights, trail
from kernel.cases.actions.editing import returned_fields
from kernel.cases.models import Application, Event, SigningRequest
from kernel.core.errors import Refused
from kernel.core.moment import now
from kernel.core.privacy import blind_index
from kernel.form.codes import mobile_check
from kernel.form.filing import PersonFacts

NOTHING_TO_SIGN = _(
    "The papers can't be signed yet: some answers are missing. Check what is open first."
)
CLOSED = _("These papers can't be signed now: the case is with the departments, or was taken back.")
CHANGED = _("The papers have changed since you opened this page. Read them again, then sign.")
GONE = _("You have nothing to sign in this case any more.")


@transaction.atomic
def ask_signatures(*, actor, application_id: int, address: str = "") -> int:
    """Send a link and a code to everybody who has still to sign; returns to how many.

    Whoever was sent a code less than a minute ago keeps that one, and a phone that was sent too many gets no more for
    now; `address` is where it was asked from. Raises NotAllowed, Refused.
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
        try:
            _send(request, signer.person, case.at, account=actor, address=address)
        except (TooSoon, TooMany):
            continue
        sent += 1
    return sent


@transaction.atomic
def send_again(*, request_uid, address: str = "") -> None:
    """A new code for a signer who asks for it on the page of the link. Raises TooSoon, TooMany, Refused."""
    request, case, signer = _signing(request_uid)
    _send(request, signer.person, case.at, address=address)


def open_link(*, request_uid, code: str) -> str:
    """Take the one-time code; whoever gave it may read and sign as long as `mark_of` the signer is what it returns.

    Raises Refused. Five wrong codes end the code, and so does a change of the signer's number or phone: it was sent to
    somebody else.
    """
    request = SigningRequest.objects.select_related("application").get(uid=request_uid)
    people = founders_papers.standing(request.application).filing.by_uid
    person = people.get(str(request.person))
    if person is None:
        raise NoCode
    mark = mark_of(person)
    one_time_codes.take(Purpose.SIGN, _phone(person), code, bound=_bound(request, mark))
    request.opened_at = now()
    request.save(update_fields=["opened_at"])
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


def _send(
    request: SigningRequest, person: PersonFacts, at: datetime, account=None, address: str = ""
) -> None:
    """Have a code sent to the signer's phone. Raises TooSoon, TooMany."""
    one_time_codes.draw(
        Purpose.SIGN,
        _phone(person),
        bound=_bound(request, mark_of(person)),
        account=account,
        address=address,
        link=f"{settings.SITE_ADDRESS}/sign/{request.uid}/",
    )
    request.asked_at = at
    request.save()


def _phone(person: PersonFacts) -> str:
    return mobile_check(person.phone).value


def _bound(request: SigningRequest, mark: str) -> str:
    return f"{request.uid}:{mark}"


def _locked(application_id: int) -> Application:
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("zone")
        .get(pk=application_id)
    )


def _require_open(application: Application) -> None:
    """Papers are signed while they can change."""
    if not rights.papers_are_open(application, returned_fields(application)):
        raise Refused(CLOSED)
