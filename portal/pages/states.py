"""The words, marks and colours of states, in one place. A state never shows by colour alone: each has a word."""

from django.utils.translation import pgettext_lazy as _p

# family → state → (word, class of .tag, icon or "")
STATES = {
    "case": {
        "draft": (_p("case", "Draft"), "line", ""),
        "licensing": (_p("case", "Licence under way"), "open", "clock"),
        "sealing": (_p("case", "Seals under way"), "open", "clock"),
        "settling": (_p("case", "Tax, social security and bank under way"), "open", "clock"),
        "completed": (_p("case", "Completed"), "done", "check"),
        "withdrawn": (_p("case", "Withdrawn"), "line", ""),
        "declined": (_p("case", "Not registered"), "breach", ""),
    },
    "stage": {
        "waiting": (_p("stage", "Not yet due"), "line", ""),
        "open": (_p("stage", "Under way"), "open", "clock"),
        "returned": (_p("stage", "With you for correction"), "half", "pause"),
        "done": (_p("stage", "Done"), "done", "check"),
    },
    "clock": {
        "waiting": (_p("clock", "Not started"), "line", ""),
        "running": (_p("clock", "Running"), "open", "clock"),
        "half": (_p("clock", "Past half"), "half", "clock"),
        "at_risk": (_p("clock", "At risk"), "risk", "clock"),
        "paused": (_p("clock", "Paused"), "paused", "pause"),
        "stopped": (_p("clock", "Stopped"), "done", "check"),
        "breached": (_p("clock", "Over the limit"), "breach", "clock"),
    },
    "task": {
        "done": (_p("task", "Done"), "done", "check"),
        "progress": (_p("task", "In progress"), "open", ""),
        "unseen": (_p("task", "Please look"), "half", ""),
        "todo": (_p("task", "Not started"), "line", ""),
        "locked": (_p("task", "Cannot start yet"), "", "lock"),
        "fix": (_p("task", "To be corrected"), "risk", ""),
    },
    "check": {
        "pass": (_p("check", "Passed"), "done", "check"),
        "fail": (_p("check", "Not met"), "breach", ""),
        "person": (_p("check", "For a person"), "half", ""),
        "deferrable": (_p("check", "May follow later"), "half", ""),
        "missing": (_p("check", "Missing"), "breach", ""),
        "warn": (_p("check", "Please look"), "risk", ""),
        "skip": (_p("check", "Does not apply"), "line", ""),
    },
    "document": {
        "pending": (_p("document", "Being made"), "open", "clock"),
        "ready": (_p("document", "Ready"), "done", "check"),
        "valid": (_p("document", "Verified"), "done", "check"),
        "revoked": (_p("document", "Revoked"), "breach", ""),
        "unknown": (_p("document", "Not found"), "breach", ""),
    },
    "sign": {
        "waiting": (_p("sign", "Not signed"), "half", "clock"),
        "signed": (_p("sign", "Signed"), "done", "check"),
        "declined": (_p("sign", "Refused"), "breach", ""),
    },
}


def describe(family, state):
    """(word, class, icon) of a state; an unknown state is shown by its own name, plain."""
    return STATES[family].get(state, (str(state), "line", ""))


# Letters of the reuse cells, in the order they always stand.
REUSE = [
    ("registration", _p("reuse cell", "R"), _p("department", "registration")),
    ("seals", _p("reuse cell", "P"), _p("department", "police")),
    ("tax", _p("reuse cell", "T"), _p("department", "tax")),
    ("social_security", _p("reuse cell", "S"), _p("department", "social security")),
    ("banking", _p("reuse cell", "B"), _p("department", "bank")),
]
