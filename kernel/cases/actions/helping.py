"""A helper of the staff is let into a draft, with the consent of its applicant, and out of it again."""

from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import Role
from kernel.cases import rights
from kernel.cases.locked_case import locked_case
from kernel.cases.models import Application, Event, Share
from kernel.core.errors import NotAllowed, Refused, Stale
from kernel.form import flow

HELPER = "helper"  # instead of a phone's index: one helper at a time
HELPED = "helped"  # how it ended, in the data of the event


def let_helper_in(*, actor, application_id: int, helper, consented_at) -> Share:
    """Open a draft to a helper of its zone. Whoever calls has the applicant's consent, given at `consented_at`.

    Raises NotAllowed for who is neither the zone's supervisor nor that helper, and for somebody who is no helper there;
    Stale once the draft is filed or given up, Refused where another helper is at work on it.
    """
    with locked_case(application_id, actor) as case:
        application = case.application
        if actor.pk != helper.pk:
            rights.require_supervisor(actor, application)
        if not helper.holds(Role.HELPER) or helper.zone_id != application.zone_id:
            raise NotAllowed
        if application.state != flow.DRAFT:
            raise Stale
        if application.shares.filter(kind=Share.Kind.HELP, state__in=Share.LIVE).exists():
            raise Refused(_("A helper works on this draft already."))
        share = Share.objects.create(
            application=application,
            kind=Share.Kind.HELP,
            state=Share.State.ACCEPTED,
            offered_by=application.applicant,
            offered_at=consented_at,
            phone_index=HELPER,
            user=helper,
            answered_at=case.at,
        )
        case.record(Event.Kind.JOINED, share=str(share.uid), how=HELPED)
    return share


def end_help(*, actor, application_id: int) -> Application:
    """Nobody of the staff opens the draft any more, if anybody did. Whoever calls has checked the right."""
    with locked_case(application_id, actor) as case:
        live = case.application.shares.filter(kind=Share.Kind.HELP, state__in=Share.LIVE)
        for share in live:
            share.state, share.ended_at = Share.State.ENDED, case.at
            share.save(update_fields=["state", "ended_at"])
            case.record(Event.Kind.LEFT, share=str(share.uid), how=HELPED)
    return case.application
