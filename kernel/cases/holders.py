"""Who can hold a stage, and so own its minutes, beside the departments themselves (`kernel.cases.awaiting.held_by`)."""

APPLICANT, QUEUE, SUPERVISOR = "applicant", "queue", "supervisor"
