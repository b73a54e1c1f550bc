"""Letting others work on a filing, and handing it over: offered by phone, accepted by the other, ended by either."""

from datetime import timedelta

from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.accounts import proofs
from kernel.accounts.models import Role
from kernel.accounts.proofs import Right
from kernel.cases import rights
from kernel.cases.agency import is_principal, principals
from kernel.cases.locked_case import Case, locked_case
from kernel.cases.models import Application, Event, Share
from kernel.core.certain import certain
from kernel.core.errors import Incomplete, NotAllowed, Refused, Stale
from kernel.core.privacy import blind_index
from kernel.form import flow
from kernel.form.codes import mobile_check

# Offers are texts that strangers read: so many of a filing may wait, so many people be in or asked, so many be made a
# day by one person.
MOST_WAITING, MOST_OF_A_CASE, MOST_A_DAY = 5, 10, 20
TOO_MANY = _(
    "Ten people may be asked or let in for one filing, and you may ask twenty a day. End an offer, or wait until "
    "tomorrow."
)
FOUNDERS_ONLY = _(
    "The case is filed: now only a founder or the legal representative can be let in or take it over, by the mobile "
    "number that the filing names and an account in their own name."
)


def offer_share(*, actor, application_id: int, phone: str, kind: str) -> Share:
    """Offer the filing to whoever has this mobile number: to work on it, or to take it over.

    Nothing is told of whether anybody has the number. Raises Incomplete for what isn't a mobile number, Refused for
    one's own number, for somebody who has an offer already, and while MOST_WAITING wait for their answer, Stale for a
    number of no founder once the case is filed.
    """
    proofs.require(actor, Right.SHARE)
    verdict = mobile_check(phone)
    if not verdict.ok:
        raise Incomplete(f"{verdict.sentence} {verdict.remedy}")
    if kind not in Share.OFFERED_TO_PHONES:
        raise Incomplete(_("Choose what the other person may do."))
    if verdict.value == mobile_check(actor.phone).value:
        raise Refused(_("This is your own number. Enter that of the other person."))
    try:
        with locked_case(application_id, actor) as case:
            rights.require_applicant(actor, case.application)
            _require_open(
                case,
                any(
                    mobile_check(person.phone).value == verdict.value
                    for person in principals(case.filing)
                ),
            )
            _require_few(actor, case)
            share = Share.objects.create(
                application=case.application,
                kind=kind,
                offered_by=actor,
                offered_at=case.at,
                phone=verdict.value,
                phone_index=blind_index(verdict.value),
            )
            case.record(Event.Kind.OFFERED, share=str(share.uid), what=kind)
    except IntegrityError as error:
        raise Refused(_("There is such an offer already. End it first.")) from error
    return share


def accept_share(*, actor, uid: str) -> Application:
    """Take up an offer made to one's own number; a second click does nothing. A filing handed over changes its owner.

    Raises NotAllowed for somebody else's offer, NotProved for who hasn't shown who they are, Stale for one that was
    ended, and once the case is filed for whoever is no founder.
    """
    share = _offered_to(actor, uid)
    proofs.require(actor, Right.SHARE)
    with locked_case(share.application_id, actor) as case:
        share.refresh_from_db()
        if share.state == Share.State.ACCEPTED and share.user_id == actor.pk:
            return case.application
        if share.state != Share.State.OFFERED:
            raise Stale
        _require_open(case, is_principal(actor, case.filing))
        _answer(share, Share.State.ACCEPTED, case, user=actor)
        if share.kind == Share.Kind.HAND_OVER:
            _hand_over(case, share)
        else:
            case.record(Event.Kind.JOINED, share=str(share.uid))
    return case.application


def refuse_share(*, actor, uid: str) -> None:
    """Turn down an offer made to one's own number. Raises NotAllowed, Stale."""
    share = _offered_to(actor, uid)
    with locked_case(share.application_id, actor) as case:
        share.refresh_from_db()
        if share.state != Share.State.OFFERED:
            raise Stale
        _answer(share, Share.State.REFUSED, case)
        case.record(Event.Kind.LEFT, share=str(share.uid), how="refused")


def end_share(*, actor, uid: str) -> None:
    """Take an offer or a right back, or give it up: the applicant, or who has it. A second click does nothing.

    Raises NotAllowed.
    """
    share = Share.objects.filter(uid=uid).first()
    if share is None:
        raise NotAllowed
    with locked_case(share.application_id, actor) as case:
        share.refresh_from_db()
        if actor.pk not in (case.application.applicant_id, share.user_id):
            raise NotAllowed
        if share.state in Share.LIVE:
            _end(share, case)


def _offered_to(actor, uid: str) -> Share:
    share = Share.objects.filter(uid=uid).first()
    if share is None or not proofs.allows(actor, Right.OFFERS):
        raise NotAllowed
    if share.phone_index != actor.phone_index:
        raise NotAllowed
    if not actor.holds(Role.APPLICANT):
        raise NotAllowed
    return share


def _require_few(actor, case: Case) -> None:
    """Raises Refused where one more offer is too many."""
    live = case.application.shares.filter(state__in=Share.LIVE)
    if live.filter(state=Share.State.OFFERED).count() >= MOST_WAITING:
        sentence = _("%(most)s offers wait for their answer. Take one back first.")
        raise Refused(sentence % {"most": MOST_WAITING})
    today = Share.objects.filter(offered_by=actor, offered_at__gt=case.at - timedelta(days=1))
    if live.count() >= MOST_OF_A_CASE or today.count() >= MOST_A_DAY:
        raise Refused(TOO_MANY)


def _require_open(case: Case, for_principal: bool) -> None:
    """Anybody may work on a draft; a filed case is let into, and handed over, to the founders alone."""
    if case.application.state in flow.GIVEN_UP:
        raise Stale
    if case.application.state != flow.DRAFT and not for_principal:
        raise Stale(FOUNDERS_ONLY)


def _answer(share: Share, state: str, case: Case, user=None) -> None:
    share.state, share.user, share.answered_at = state, user, case.at
    share.save(update_fields=["state", "user", "answered_at"])


def _end(share: Share, case: Case) -> None:
    share.state, share.ended_at = Share.State.ENDED, case.at
    share.save(update_fields=["state", "ended_at"])
    case.record(Event.Kind.LEFT, share=str(share.uid), how="ended")


def _hand_over(case: Case, share: Share) -> None:
    """The new owner begins alone: whoever the old one let in is let out, and the old one too."""
    application = case.application
    case.record(Event.Kind.HANDED_OVER, share=str(share.uid), before=application.applicant_id)
    application.applicant = certain(share.user)
    application.save(update_fields=["applicant"])
    if application.state == flow.DRAFT:
        application.deferrals.all().delete()  # what the old owner undertook binds nobody else
    for other in application.shares.filter(~Q(pk=share.pk), state__in=Share.LIVE):
        _end(other, case)
    share.state, share.ended_at = Share.State.ENDED, case.at
    share.save(update_fields=["state", "ended_at"])
