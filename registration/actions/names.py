"""Reserving a name for a draft: nobody else can have it until the reservation runs out."""

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from registration import register, rights, standards
from registration.actions.submit import looked_up, name_decided_by_the_database
from registration.errors import Incomplete, NotAllowed
from registration.filing import read
from registration.models import Application
from sla.moment import now

NOT_FREE = _("The name can't be reserved as it stands. Correct the points below first.")


def reserve_name(*, actor, application_id: int) -> Application:
    """Reserve a draft's name for the zone's months. A name that it has reserved already keeps its day.

    Raises Incomplete with what is wrong with the name, NotAllowed for a case that was filed.
    """
    today = localdate(now())
    with name_decided_by_the_database(NOT_FREE):
        return register.holding(lambda: _reserve(actor, application_id, today), today)


@transaction.atomic
def _reserve(actor, application_id: int, today) -> Application:
    application = Application.objects.select_for_update(of=("self",)).select_related("zone").get(pk=application_id)
    rights.require_writer(actor, application)
    if application.state != Application.State.DRAFT:
        raise NotAllowed
    filing = looked_up(read(application, application.people.all(), application.materials.all(), today))
    if filing.holds_name:
        return application
    version = standards.current(today)
    failed = [finding for finding in standards.evaluate(filing, version) if finding.failed and _is_on_name(finding)]
    if failed:
        raise Incomplete(NOT_FREE, [(finding.sentence, finding.fields) for finding in failed])
    until = register.months_after(today, application.zone.setting("name_reserved_months"))
    register.hold(application, filing, filing.names_found, until)
    application.save(update_fields=["name_claim", "name_reserved_until", "names_similar"])
    return application


def _is_on_name(finding: standards.Finding) -> bool:
    return all(key.startswith("name.") and key != "name.company_type" for key in finding.fields)
