"""Who can hold a stage, and so own its minutes, beside the departments themselves."""

from kernel.form import flow

APPLICANT, QUEUE, COURIER, SUPERVISOR = "applicant", "queue", "courier", "supervisor"
SENT, RECEIVED = "sent", "received"  # steps on the trail: with the courier, with the applicant


def holder_of(department: str, state: str, officer_id: int | None, asked: object) -> str | None:
    """Who holds a stage: the applicant, the supervisor while one is `asked` about it, the department, nobody yet
    (queue), or None when it isn't under way."""
    if state == flow.RETURNED:
        return APPLICANT
    if state == flow.OPEN:
        return SUPERVISOR if asked else department if officer_id else QUEUE
    return None
