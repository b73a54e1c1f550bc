"""The work in the background: how often each sweep is due, and the queue that a task waits in."""

QUEUES = {
    "kernel.sla.tasks.*": {"queue": "clocks"},
    "kernel.bookings.tasks.*": {"queue": "clocks"},
    "services.hall.tasks.*": {"queue": "clocks"},
    "kernel.core.outbox.tasks.*": {"queue": "notices"},
    "services.booked.tasks.*": {"queue": "clocks"},
    "kernel.cases.tasks.give_back_idle": {"queue": "clocks"},
    "kernel.cases.tasks.end_idle_counter_filings": {"queue": "clocks"},
    "kernel.cases.tasks.go_rounds": {"queue": "notices"},
    "kernel.cases.tasks.keep_waits": {"queue": "clocks"},
    "kernel.cases.tasks.tell_void_signatures": {"queue": "notices"},
    "reviews.tasks.*": {"queue": "notices"},
    "kernel.cases.tasks.*": {"queue": "papers"},
    "portal.notices.tasks.*": {"queue": "notices"},
    "portal.supervision.tasks.*": {"queue": "notices"},
    "portal.figures.tasks.*": {"queue": "papers"},
    "portal.operations.tasks.*": {"queue": "papers"},
}

# Each looks once a minute or oftener whether there is something to do, so that `/sweepz` knows of it a minute after the
# first start. `expires` lets an outage leave one sweep behind, not a thousand.
SWEEPS = {
    "clocks": {"task": "kernel.sla.tasks.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "diaries": {
        "task": "kernel.bookings.tasks.sweep",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "services": {
        "task": "services.booked.tasks.sweep",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "hall": {
        "task": "services.hall.tasks.sweep",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "line": {
        "task": "kernel.cases.tasks.give_back_idle",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "counter": {
        "task": "kernel.cases.tasks.end_idle_counter_filings",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "waits": {
        "task": "kernel.cases.tasks.keep_waits",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "signatures": {
        "task": "kernel.cases.tasks.tell_void_signatures",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "outbox": {
        "task": "kernel.core.outbox.tasks.deliver",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "notices": {
        "task": "portal.notices.tasks.send_out",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "receipts": {
        "task": "portal.notices.tasks.ask_receipts",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "digests": {
        "task": "portal.notices.tasks.digests",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "told": {
        "task": "portal.notices.tasks.write_trail",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "papers": {
        "task": "kernel.cases.tasks.make_papers",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "trail": {
        "task": "kernel.cases.tasks.make_trail_roots",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "revocations": {
        "task": "kernel.cases.tasks.renew_revocation_list",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "timestamps": {
        "task": "kernel.cases.tasks.fetch_revocation_lists",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "rounds": {
        "task": "kernel.cases.tasks.go_rounds",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "reviews": {
        "task": "reviews.tasks.keep_reviews",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "retention": {
        "task": "portal.operations.tasks.take_out_what_is_past",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "figures": {
        "task": "portal.figures.tasks.make_files",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "summaries": {
        "task": "portal.supervision.tasks.fold_days",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
}
