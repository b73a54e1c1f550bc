"""Who can hold a stage, and so own its minutes, beside the departments themselves (`kernel.cases.awaiting.held_by`)."""

APPLICANT, QUEUE, COURIER, SUPERVISOR = "applicant", "queue", "courier", "supervisor"
SENT, RECEIVED = "sent", "received"  # steps on the trail: with the courier, with the applicant
