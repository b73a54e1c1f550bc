"""A service is booked, asked for, or wished for; by its applicant, or by the staff for somebody without an account."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from kernel.accounts.models import Role
from kernel.accounts.turns import one_at_a_time
from kernel.bookings import actions as bookings
from kernel.bookings.models import LIVE, Booking
from kernel.cases.models import Application
from kernel.core.certain import certain
from kernel.core.errors import Incomplete, NotAllowed, Refused
from kernel.core.moment import now
from kernel.core.privacy import blind_index
from kernel.form import flow
from kernel.form.codes import mobile_check
from kernel.form.uploads import CheckedFile, keeping
from kernel.sla.calendars import calendar_id, work_calendar
from kernel.sla.worktime import deadline
from services.booked import places
from services.booked.kinds import How, ServiceKind
from services.booked.locked import Kind, record
from services.booked.models import (
    OPEN,
    ServiceFile,
    ServiceRequest,
    Session,
    State,
    gives,
)
from services.booked.numbers import review_code, service_number

MOST_OPEN = 10  # services that one person has ahead
MOST_FILES = 5  # proofs of one request
LONGEST = 500  # characters of a reason or an address


@dataclass(frozen=True)
class Wish:
    """What was filled in. `begins_at` is the time chosen, `session` the evening wished for; `name` and `phone` are of
    whoever has no account, or of whom to ask for at the door. `consents`: a helper may work on the draft."""

    begins_at: datetime | None = None
    way: str = ""
    session: Session | None = None
    application: Application | None = None
    ground: str = ""
    reason: str = ""
    address: str = ""
    name: str = ""
    phone: str = ""
    consents: bool = False
    files: Sequence[CheckedFile] = field(default=())


@transaction.atomic
def ask_service(*, actor, zone, kind: ServiceKind, wish: Wish) -> ServiceRequest:
    """Book it where it is had at once, ask where it is decided, register the wish where it is counted.

    Raises Taken, with the next free times, where the place went to somebody else; Incomplete for what is missing,
    Refused where it can't be had, NotAllowed for staff of another zone.
    """
    for_self = actor.holds(Role.APPLICANT)
    if not for_self and not (gives(actor) and actor.zone_id == zone.pk):
        raise NotAllowed
    if kind not in places.offered(zone):
        raise Refused(_("This service isn't offered here at present."))
    _require_complete(kind, zone, wish, actor, for_self)
    at = now()
    if for_self:
        one_at_a_time(actor.pk)
        _require_few(actor)
    if kind.code == "green":
        _require_room(zone, kind, at)
    request = _made(actor, zone, kind, wish, at, for_self)
    _keep_files(request, wish.files, at)
    _enter(request, kind, wish, at, actor)
    return request


def _enter(request: ServiceRequest, kind: ServiceKind, wish: Wish, at: datetime, actor) -> None:
    """Its first event, with the booking where a time was chosen."""
    if request.state == State.WAITING:
        record(request, Kind.WISHED, at, actor)
        _count(certain(request.session), at)
        return
    if wish.begins_at:
        book(request, wish.begins_at, wish.way, actor)
    record(request, Kind.ASKED if request.state == State.ASKED else Kind.BOOKED, at, actor)


def book(request: ServiceRequest, begins_at: datetime, way: str, actor) -> None:
    """A place for a request. Raises Taken, Refused where the service takes no bookings."""
    diary = places.diary_with(request.zone, request.of, begins_at, now())
    if diary is None:
        raise Refused(_("No times can be booked for this service now."))
    booking = bookings.book(
        diary=diary,
        owner=request.uid,
        begins_at=begins_at,
        way=way or request.of.ways[0],
        by=actor,
        reference=request.number,
    )
    require_free(request, booking)
    request.begins_at = booking.begins_at
    request.save(update_fields=["begins_at"])


def require_free(request: ServiceRequest, booking: Booking) -> None:
    """Nobody is at two places at one time. Raises Refused where the applicant has another service then."""
    if request.applicant_id is None:
        return
    mine = ServiceRequest.objects.filter(applicant=request.applicant_id, state__in=OPEN)
    other = Booking.objects.filter(
        owner__in=mine.exclude(pk=request.pk).values("uid"),
        state__in=LIVE,
        begins_at__lt=booking.ends_at,
        ends_at__gt=booking.begins_at,
    ).first()
    if other:
        sentence = _(
            "You have %(number)s at this time already. Choose another time, or move that one first."
        )
        raise Refused(sentence % {"number": other.reference})


def decide_by(zone, kind: ServiceKind, at: datetime) -> datetime:
    """When the supervisor should have decided on what is asked now."""
    return deadline(at, zone.setting(kind.minutes), work_calendar(calendar_id(zone.calendar_code)))


def _made(
    actor, zone, kind: ServiceKind, wish: Wish, at: datetime, for_self: bool
) -> ServiceRequest:
    is_wish = kind.how is How.COUNTED and wish.begins_at is None
    state = State.WAITING if is_wish else State.ASKED if kind.is_decided else State.CONFIRMED
    phone = mobile_check(wish.phone).value if wish.phone else actor.phone if for_self else ""
    try:
        with transaction.atomic():
            return ServiceRequest.objects.create(
                number=service_number(zone, localdate(at)),
                review_code=review_code(),
                zone=zone,
                kind=kind.code,
                state=state,
                applicant=actor if for_self else None,
                taken_down_by=None if for_self else actor,
                application=wish.application,
                session=wish.session,
                ground=wish.ground,
                name=wish.name or (actor.real_name if for_self else ""),
                phone=phone,
                phone_index=blind_index(phone),
                address=wish.address if kind.needs_address else "",
                reason=wish.reason,
                asked_at=at,
                decide_by=decide_by(zone, kind, at) if state == State.ASKED else None,
            )
    except IntegrityError as error:
        raise Refused(_("This service is being had for this case already.")) from error


def _keep_files(request: ServiceRequest, files: Sequence[CheckedFile], at: datetime) -> None:
    for checked in {checked.sha256: checked for checked in files}.values():
        file = ServiceFile(
            request=request,
            filename=checked.filename,
            content_type=checked.content_type,
            size=len(checked.content),
            pages=checked.pages,
            sha256=checked.sha256,
            uploaded_at=at,
        )
        with keeping():
            file.file.save("", checked.as_file(), save=False)
        file.save()


def _count(session: Session, at: datetime) -> None:
    """Enough wishes put the session before the supervisor."""
    session = (
        Session.objects.select_for_update(of=("self",)).select_related("zone").get(pk=session.pk)
    )
    if session.state != Session.State.COUNTED:
        raise Refused(_("This evening is decided on already. Load the page anew."))
    wishes = session.requests.filter(state=State.WAITING).count()
    if session.decide_by is None and wishes >= session.zone.setting("extended_enough"):
        calendar = work_calendar(calendar_id(session.zone.calendar_code))
        minutes = session.zone.setting("service_decision_minutes")
        session.decide_by = deadline(at, minutes, calendar)
        session.save(update_fields=["decide_by"])


def _require_few(actor) -> None:
    if ServiceRequest.objects.filter(applicant=actor, state__in=OPEN).count() >= MOST_OPEN:
        sentence = _(
            "You have %(most)s services ahead already. Cancel one that you don't need first."
        )
        raise Refused(sentence % {"most": MOST_OPEN})


def _require_room(zone, kind: ServiceKind, at: datetime) -> None:
    today = localdate(at)
    if not places.room(zone, kind, today, today, at).left:
        raise Refused(_("All requests of today have been made. Ask again from tomorrow on."))


def _require_complete(kind: ServiceKind, zone, wish: Wish, actor, for_self: bool) -> None:
    """Raises Incomplete for the first thing that is missing, or can't be."""
    if kind.grounds(zone) and wish.ground not in kind.grounds(zone):
        raise Incomplete(_("Choose one of the published grounds."))
    if kind.needs_address and not wish.address.strip():
        raise Incomplete(_("Write the address to which we are to come."))
    if kind.needs_reason and not wish.reason.strip():
        raise Incomplete(_("Write why you ask for it."))
    if max(len(wish.reason), len(wish.address)) > LONGEST:
        raise Incomplete(_("At most %(most)s characters, please.") % {"most": LONGEST})
    if kind.needs_proof and not wish.files:
        raise Incomplete(_("Add the document that proves the ground."))
    if len(wish.files) > MOST_FILES:
        raise Incomplete(_("At most %(most)s files, please.") % {"most": MOST_FILES})
    if kind.needs_consent and not wish.consents:
        raise Incomplete(_("A helper opens your draft only with your consent. Tick it."))
    _require_time(kind, wish)
    _require_whom(wish, for_self)
    _require_case(kind, zone, wish, actor)


def _require_time(kind: ServiceKind, wish: Wish) -> None:
    if wish.session is not None:
        if kind.how is not How.COUNTED or wish.session.state != Session.State.COUNTED:
            raise Refused(_("This evening is decided on already. Load the page anew."))
    elif kind.has_places and wish.begins_at is None:
        raise Incomplete(_("Choose a time."))
    if wish.way and wish.way not in kind.ways:
        raise Incomplete(_("Choose one of the ways of meeting."))


def _require_whom(wish: Wish, for_self: bool) -> None:
    if wish.phone and not (verdict := mobile_check(wish.phone)).ok:
        raise Incomplete(f"{verdict.sentence} {verdict.remedy}")
    if not for_self and not (wish.name.strip() and wish.phone):
        raise Incomplete(_("Write name and mobile number of the person who comes."))


def _require_case(kind: ServiceKind, zone, wish: Wish, actor) -> None:
    case = wish.application
    if not kind.needs_case:
        return
    if case is None:
        raise Incomplete(_("Choose the case it is about."))
    if case.applicant_id != actor.pk or case.zone_id != zone.pk:
        raise NotAllowed
    if case.state not in states_of(kind):
        raise Refused(
            _("This case isn't at the step for which this service is. Load the page anew.")
        )


def states_of(kind: ServiceKind) -> tuple[str, ...]:
    """The states of the cases that a service may be about."""
    if kind.needs_case == "draft":
        return (flow.DRAFT,)
    if kind.needs_case == "completed":
        return (flow.COMPLETED,)
    return (flow.DRAFT, *flow.RUNNING_STATES)
