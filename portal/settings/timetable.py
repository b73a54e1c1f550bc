"""The work in the background: how often each sweep is due, and the queue that a task waits in."""

QUEUES = {
    "sla.tasks.*": {"queue": "clocks"},
    "portal.notices.tasks.*": {"queue": "notices"},
    "registration.tasks.give_back_idle": {"queue": "clocks"},
    "registration.tasks.*": {"queue": "papers"},
    "portal.supervision.tasks.*": {"queue": "notices"},
}

# `expires` lets an outage leave one sweep behind, not a thousand.
SWEEPS = {
    "clocks": {"task": "sla.tasks.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "line": {
        "task": "registration.tasks.give_back_idle",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "notices": {
        "task": "portal.notices.tasks.deliver",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "papers": {
        "task": "registration.tasks.make_papers",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "summaries": {
        "task": "portal.supervision.tasks.fold_days",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
}
