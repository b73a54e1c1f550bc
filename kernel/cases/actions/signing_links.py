"""The links by which people are asked to sign, and the one-time codes by which they open."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel.accounts import one_time_codes, real_names
from kernel.accounts.one_time_codes import NoCode, Purpose, TooMany, TooSoon
from kernel.accounts.real_names import Answer
from kernel.cases import founders_papers, rights
from kernel.cases.agency import is_person
from kernel.cases.models import Application, SigningRequest
from kernel.cases.signers import Signer, signer_of, signers_of, unsigned_of
from kernel.core.errors import Refused
from kernel.core.moment import now
from kernel.core.privacy import blind_index
from kernel.form import flow
from kernel.form.codes import mobile_check
from kernel.form.filing import PersonFacts

CLOSED = _("These papers can't be signed any more: the licence is issued, or the case has ended.")
GONE = _("You have nothing to sign in this case any more.")
NOTHING_TO_SIGN = _(
    "The papers can't be signed yet: some answers are missing. Check what is open first."
)
NOT_YOURS = _(
    "You have nothing to sign in this case: no signer has the name and ID number that your account has proved."
)


@transaction.atomic
def ask_signatures(*, actor, application_id: int, address: str = "") -> int:
    """Send a link and a code to everybody who has still to sign; returns to how many.

    Whoever was sent a code less than a minute ago keeps that one, and a phone that was sent too many gets no more for
    now; `address` is where it was asked from. Raises NotAllowed, Refused.
    """
    application = _locked(application_id)
    case = founders_papers.standing(application)
    rights.require_acting(actor, application, case.filing)
    require_open(application)
    if not signers_of(case):
        raise Refused(NOTHING_TO_SIGN)
    sent = 0
    for signer in unsigned_of(case):
        if not phone_of(signer.person):
            continue
        request = link_of(application, signer.person, case.at)
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


@transaction.atomic
def own_link(*, actor, application_id: int) -> SigningRequest:
    """The link by which somebody who is logged in, and has proved their name, reads and signs what is theirs to sign.

    Whoever is named has it, also where they can only refuse. Raises Refused where they aren't named.
    """
    application = _locked(application_id)
    case = founders_papers.standing(application)
    own = next((person for person in case.filing.people if is_person(actor, person)), None)
    if own is None:
        raise Refused(NOT_YOURS)
    return link_of(application, own, case.at)


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
    one_time_codes.take(Purpose.SIGN, phone_of(person), code, bound=_bound(request, mark))
    request.opened_at = now()
    request.save(update_fields=["opened_at"])
    return mark


def prove(*, request_uid) -> Answer:
    """Ask the real-name gateway, once for each person and phone that a link may be of, whether they belong together; a
    company's are not in its register, so of one the code alone counts."""
    link = SigningRequest.objects.select_related("application__zone").get(uid=request_uid)
    person = founders_papers.standing(link.application).filing.by_uid.get(str(link.person))
    mark = mark_of(person)
    if person is None:
        return Answer.MISMATCH
    if person.is_legal or link.proved_mark == mark:
        return Answer.MATCH
    answer = real_names.judge(person.name, person.number, phone_of(person))
    if answer is Answer.MATCH:
        SigningRequest.objects.filter(pk=link.pk).update(proved_mark=mark, proved_at=now())
    return answer


def mark_of(person: PersonFacts | None) -> str:
    """A keyed mark of who somebody is and where a code reaches them."""
    return blind_index(f"{person.number} {person.phone}") if person else ""


def require_open(application: Application) -> None:
    """Papers are signed until the licence is issued on them. Raises Refused."""
    if application.state not in (flow.DRAFT, flow.LICENSING):
        raise Refused(CLOSED)


def link_of(application: Application, person: PersonFacts, at: datetime) -> SigningRequest:
    """The signer's link, the same as long as the case lasts."""
    request, _created = SigningRequest.objects.get_or_create(
        application=application, person=person.uid, defaults={"asked_at": at}
    )
    return request


def address_of_link(request: SigningRequest) -> str:
    return f"{settings.SITE_ADDRESS}/sign/{request.uid}/"


def phone_of(person: PersonFacts) -> str:
    return mobile_check(person.phone).value


def _signing(request_uid) -> tuple[SigningRequest, founders_papers.Standing, Signer]:
    """The link, its case under lock, and who signs by it. Raises Refused when there is nothing to sign any more."""
    request = SigningRequest.objects.get(uid=request_uid)
    application = _locked(request.application_id)
    require_open(application)
    case = founders_papers.standing(application)
    signer = signer_of(case, str(request.person))
    if signer is None:
        raise Refused(GONE)
    return request, case, signer


def _send(
    request: SigningRequest, person: PersonFacts, at: datetime, account=None, address: str = ""
) -> None:
    """Have a code sent to the signer's phone. Raises TooSoon, TooMany."""
    one_time_codes.draw(
        Purpose.SIGN,
        phone_of(person),
        bound=_bound(request, mark_of(person)),
        account=account,
        address=address,
        link=address_of_link(request),
    )
    request.asked_at = at
    request.save()


def _bound(request: SigningRequest, mark: str) -> str:
    return f"{request.uid}:{mark}"


def _locked(application_id: int) -> Application:
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("zone")
        .get(pk=application_id)
    )
