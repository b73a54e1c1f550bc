"""What follows when a change makes a signature void: its signer is told, and a stage that can't go on waits for it."""

from datetime import datetime, timedelta

from django.db.models import F, Q

from kernel.cases.actions.signing_links import address_of_link, link_of, phone_of
from kernel.cases.locked_case import Case, locked_case
from kernel.cases.models import Application, Awaits, SigningRequest, Stage
from kernel.cases.signers import Signer, missing_of, unsigned_of
from kernel.core.moment import now, real_now
from kernel.core.text_messages.sending import send
from kernel.core.text_messages.wording import Kind
from kernel.form import flow

CALM = timedelta(
    minutes=10
)  # after the last change: whoever is still typing makes nobody read half a text
LOOK_AGAIN = timedelta(
    hours=1
)  # words change by more than answers: an authority, a branch, our own
SENT_WITHIN = timedelta(days=1)  # later than that a text would surprise
BATCH = 200


def await_signatures(case: Case) -> None:
    """The window's stage, where it is open and nothing is asked about it, waits for the signatures that are missing;
    their signers get their links."""
    stage = case.stages.get(flow.registrar())
    if stage is None or stage.state != flow.OPEN or stage.asked_at:
        return
    missing = missing_of(case)
    if not missing:
        return
    case.begin_awaiting(stage, Awaits.SIGNATURE)
    for signer in missing:
        _tell(case.application, signer, case.at)


def tell_void() -> int:
    """Tell those whose signature a change has made void, once for each signature, when nobody has typed for a while;
    the window's stage waits for them. Returns how many were told. For the sweep."""
    at = now()
    typed = Q(
        application__state__in=(flow.DRAFT, flow.LICENSING),
        looked_at__lte=F("application__saved_at"),
        application__saved_at__lte=at - CALM,
    )
    at_window = Stage.objects.filter(department=flow.registrar(), state=flow.OPEN)
    again = Q(application__in=at_window.values("application"), looked_at__lte=at - LOOK_AGAIN)
    links = SigningRequest.objects.filter(typed | again).order_by()
    return sum(map(_look_at, links.values_list("application", flat=True).distinct()[:BATCH]))


def _look_at(application_id: int) -> int:
    try:
        with locked_case(application_id, wait=False) as case:
            application = case.application
            void = [signer for signer in unsigned_of(case) if signer.changed]
            told = sum(_tell(application, signer, case.at) for signer in void)
            await_signatures(case)
            application.signing_requests.filter(looked_at__isnull=False).update(looked_at=case.at)
            return told
    except Application.DoesNotExist:  # somebody is moving the case; the next sweep looks again
        return 0


def _tell(application: Application, signer: Signer, at: datetime) -> bool:
    """A text with the link, unless it has been sent since they signed last."""
    link, phone = link_of(application, signer.person, at), phone_of(signer.person)
    if link.told_at or not phone:
        return False
    kind = Kind.VOID if signer.changed else Kind.ASKED
    send(kind, phone, {"link": address_of_link(link)}, real_now() + SENT_WITHIN)
    SigningRequest.objects.filter(pk=link.pk).update(told_at=at)
    return True
