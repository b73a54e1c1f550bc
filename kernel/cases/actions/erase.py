"""What is erased: a draft that was never filed is no archive, and messages are kept for their days."""

from django.db import transaction
from django.db.models import QuerySet

from kernel.cases.actions.materials import remove
from kernel.cases.actions.message_drafts import remove_file
from kernel.cases.locked_case import locked_case
from kernel.cases.models import Application, Event, ThreadDraft, ThreadFile
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


def erase_thread(application_id: int) -> bool:
    """Take the words and files out of the messages of a case that is over; who wrote when stays."""
    with locked_case(application_id) as case:
        if case.application.state in (flow.DRAFT, *flow.RUNNING_STATES):
            return False
        for file in ThreadFile.objects.filter(message__application=case.application):
            remove_file(file)
        drop_drafts(case.application.thread_drafts.all())
        case.application.thread.filter(erased_at=None).update(body="", erased_at=case.at)
        case.record(Event.Kind.ERASED, what="messages")
    return True


def erase_threads(cases: QuerySet[Application]) -> int:
    """Of how many of these it was erased; each is a transaction of its own."""
    return sum(erase_thread(pk) for pk in cases.values_list("pk", flat=True))


@transaction.atomic
def drop_drafts(drafts: QuerySet[ThreadDraft]) -> int:
    """Messages that were not sent, with their files; how many."""
    for file in ThreadFile.objects.filter(draft__in=drafts):
        remove_file(file)
    return drafts.delete()[1].get(ThreadDraft._meta.label, 0)
