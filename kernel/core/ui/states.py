"""The words, marks and colours of states, in one place. A state never shows by colour alone: each has a word."""

from django.utils.translation import pgettext_lazy

from kernel.core.words import Words

# family → state → (word, class of .tag, icon or "")
STATES: dict[str, dict[str, tuple[Words, str, str]]] = {
    "case": {
        "draft": (pgettext_lazy("case", "Draft"), "line", ""),
        "licensing": (pgettext_lazy("case", "Licence under way"), "open", "clock"),
        "sealing": (pgettext_lazy("case", "Seals under way"), "open", "clock"),
        "settling": (pgettext_lazy("case", "Last part under way"), "open", "clock"),
        "completed": (pgettext_lazy("case", "Completed"), "done", "check"),
        "withdrawn": (pgettext_lazy("case", "Withdrawn"), "line", ""),
        "declined": (pgettext_lazy("case", "Not registered"), "breach", ""),
        "revoked": (pgettext_lazy("case", "Licence revoked"), "breach", ""),
    },
    "stage": {
        "waiting": (pgettext_lazy("stage", "Not yet due"), "line", ""),
        "open": (pgettext_lazy("stage", "Under way"), "open", "clock"),
        "returned": (pgettext_lazy("stage", "With you for correction"), "half", "pause"),
        "awaiting": (pgettext_lazy("stage", "Waiting for you"), "half", "pause"),
        "appointment": (pgettext_lazy("stage", "From your appointment on"), "half", "pause"),
        "call": (pgettext_lazy("stage", "Waiting for your video call"), "half", "pause"),
        "signature": (pgettext_lazy("stage", "Waiting for a signature"), "half", "pause"),
        "answer": (pgettext_lazy("stage", "Waiting for your answer"), "half", "pause"),
        "done": (pgettext_lazy("stage", "Done"), "done", "check"),
        "ended": (pgettext_lazy("stage", "Ended with the case"), "line", ""),
    },
    "clock": {
        "waiting": (pgettext_lazy("clock", "Not started"), "line", ""),
        "running": (pgettext_lazy("clock", "Running"), "open", "clock"),
        "half": (pgettext_lazy("clock", "Past half"), "half", "clock"),
        "at_risk": (pgettext_lazy("clock", "At risk"), "risk", "clock"),
        "paused": (pgettext_lazy("clock", "Paused"), "paused", "pause"),
        "stopped": (pgettext_lazy("clock", "Stopped"), "done", "check"),
        "breached": (pgettext_lazy("clock", "Over the limit"), "breach", "clock"),
    },
    "task": {
        "done": (pgettext_lazy("task", "Done"), "done", "check"),
        "progress": (pgettext_lazy("task", "In progress"), "open", ""),
        "unseen": (pgettext_lazy("task", "Please check"), "half", ""),
        "todo": (pgettext_lazy("task", "Not started"), "line", ""),
        "locked": (pgettext_lazy("task", "Cannot start yet"), "", "lock"),
        "fix": (pgettext_lazy("task", "To be corrected"), "risk", ""),
    },
    "check": {
        "pass": (pgettext_lazy("check", "Passed"), "done", "check"),
        "fail": (pgettext_lazy("check", "Not met"), "breach", ""),
        "person": (pgettext_lazy("check", "For a person"), "half", ""),
        "deferrable": (pgettext_lazy("check", "May follow later"), "half", ""),
        "missing": (pgettext_lazy("check", "Missing"), "breach", ""),
        "warn": (pgettext_lazy("check", "Please check"), "risk", ""),
        "skip": (pgettext_lazy("check", "Does not apply"), "line", ""),
    },
    "service": {
        "asked": (pgettext_lazy("service", "Being decided"), "open", "clock"),
        "waiting": (pgettext_lazy("service", "Wish registered"), "open", "clock"),
        "confirmed": (pgettext_lazy("service", "Confirmed"), "done", "check"),
        "under_way": (pgettext_lazy("service", "Under way"), "open", "clock"),
        "done": (pgettext_lazy("service", "Done"), "done", "check"),
        "refused": (pgettext_lazy("service", "Not granted"), "line", ""),
        "cancelled": (pgettext_lazy("service", "Cancelled"), "line", ""),
        "no_show": (pgettext_lazy("service", "Missed"), "half", ""),
    },
    "signature": {
        "good": (pgettext_lazy("signature", "Holds"), "done", "check"),
        "note": (pgettext_lazy("signature", "To know"), "half", ""),
        "bad": (pgettext_lazy("signature", "Doesn't hold"), "breach", ""),
    },
    "document": {
        "pending": (pgettext_lazy("document", "Being made"), "open", "clock"),
        "ready": (pgettext_lazy("document", "Ready"), "done", "check"),
        "valid": (pgettext_lazy("document", "Verified"), "done", "check"),
        "replaced": (pgettext_lazy("document", "Replaced"), "half", ""),
        "revoked": (pgettext_lazy("document", "Revoked"), "breach", ""),
        "unknown": (pgettext_lazy("document", "Not found"), "breach", ""),
    },
    "sign": {
        "waiting": (pgettext_lazy("sign", "Not signed"), "half", "clock"),
        "signed": (pgettext_lazy("sign", "Signed"), "done", "check"),
        "changed": (pgettext_lazy("sign", "Changed since, sign again"), "risk", ""),
    },
    "words": {
        "product": (pgettext_lazy("words", "The product's"), "line", ""),
        "own": (pgettext_lazy("words", "The zone's own"), "done", "check"),
        "nothing": (pgettext_lazy("words", "Not offered"), "line", ""),
        "none": (pgettext_lazy("words", "Not in use yet"), "line", ""),
        "draft": (pgettext_lazy("words", "Draft"), "half", ""),
        "faulty": (pgettext_lazy("words", "Can't be used"), "breach", ""),
    },
}


def describe(family, state):
    """(word, class, icon) of a state; an unknown state is shown by its own name, plain."""
    return STATES[family].get(state, (str(state), "line", ""))
