"""A draft that was never filed is no archive: what was typed and uploaded for it goes."""

from django.db.models import QuerySet

from kernel.cases.actions.materials import remove
from kernel.cases.locked_case import locked_case
from kernel.cases.models import Application, Event
from kernel.form import flow


def erase_unfiled(application_id: int) -> bool:
    """Take out answers, people, uploads, offers and signing links of a draft that was given up; whether it was one.

    Its reference and its trail stay, so that nobody wonders where it went."""
    with locked_case(application_id) as case:
        application = case.application
        if application.state != flow.WITHDRAWN or application.submitted_at:
            return False
        for material in application.materials.all():
            remove(material)
        for rows in (
            application.people,
            application.shares,
            application.objections,
            application.signing_requests,
        ):
            rows.all().delete()
        Application.objects.filter(pk=application.pk).update(answers="")
        case.record(Event.Kind.ERASED)
    return True


def erase_all(drafts: QuerySet[Application]) -> int:
    """How many of these were erased; each is a transaction of its own."""
    return sum(erase_unfiled(pk) for pk in drafts.values_list("pk", flat=True))
