"""What people read of what waits for a second person, by the kind of notice: title and text."""

from django.utils.translation import gettext_lazy as _

from kernel.accounts import proposal_kinds

PROPOSAL_TEXTS = {
    "proposal_asked": (
        _("Needs a second person: %(what)s"),
        _("Somebody asks for this, and you can be the second. It is done once you agree."),
    ),
    "proposal_reminder": (
        _("Still needs a second person: %(what)s"),
        _("Somebody asked for this, and the time for the second person's decision runs out."),
    ),
    "proposal_late": (
        _("Not decided in time: %(what)s"),
        _("No second person decided in time. From now on the operator can decide it as well."),
    ),
    "proposal_done": (
        _("Agreed and done: %(what)s"),
        _("A second person agreed to what you asked for, and it is done."),
    ),
    "proposal_refused": (
        _("Refused: %(what)s"),
        _("A second person refused what you asked for. Why stands on its page; nothing was done."),
    ),
    "proposal_impossible": (
        _("Not possible any more: %(what)s"),
        _(
            "A second person agreed, but it can't be done any more. Why stands on its page; nothing was done."
        ),
    ),
}


def words(notice) -> list[str]:
    """Title and text, in the language that is active."""
    what = proposal_kinds.label(notice.params["what"])
    return [str(sentence) % {"what": what} for sentence in PROPOSAL_TEXTS[notice.kind]]
