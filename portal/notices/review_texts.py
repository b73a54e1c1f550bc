"""What people read of reviews, by the kind of notice: title and text. Staff read the review's number and never whose
case it is."""

from django.utils.translation import gettext_lazy as _

from kernel.core.words import Words

REVIEW_TEXTS = {
    "repair_task": (
        _("A bad review to repair: %(number)s"),
        _("Your desk is to put right what it is about. Cause, change and day are asked for."),
    ),
    "repair_reminder": (
        _("A repair is due soon: %(number)s"),
        _("Four fifths of the time for repairing what a bad review is about are over."),
    ),
    "repair_overdue": (
        _("A repair is late: %(number)s"),
        _("What a bad review is about was not repaired in time."),
    ),
    "repair_more": (
        _("More time asked for: %(number)s"),
        _("Whoever repairs what a bad review is about asks for more time. You decide."),
    ),
    "repair_more_said": (
        _("More time: decided: %(number)s"),
        _("The supervisor has decided on the time that you asked for; it is on the task."),
    ),
    "repair_back": (
        _("A review came back: %(number)s"),
        _("A department says that a bad review isn't theirs. Give it to another, or repair it."),
    ),
    "repair_unsolved": (
        _("Not solved, says the writer: %(number)s"),
        _("It was repaired, and the writer says that it isn't solved. It is one level up now."),
    ),
    "repair_check": (
        _("To be checked and closed: %(number)s"),
        _("What a bad review is about is repaired. Check the sentence, and close it."),
    ),
    "review_contact": (
        _("A bad review: its writer is to be contacted: %(number)s"),
        _("Contact the writer in time, and write down what came of it."),
    ),
    "repair_asked": (
        _("Is it repaired? %(number)s"),
        _(
            "What you reviewed was changed. Say whether it is solved, and whether the sentence may be published."
        ),
    ),
    "repair_message": (
        _("A message about your review: %(number)s"),
        _("Whoever repairs what you reviewed has written to you. They don't know who you are."),
    ),
    "repair_closed": (
        _("Your review is closed: %(number)s"),
        _("What was done about your review is on its page."),
    ),
    "review_asked": (
        _("How was it? Leave a review"),
        _(
            "It takes a minute, is voluntary, and you are asked once. Bad reviews are answered by a call."
        ),
    ),
}


# What phones are told of them.
REVIEW_PHONE_TEXTS: dict[str, Words] = {
    "review_asked": _("How was opening your company? One minute, and asked once: %(link)s"),
    "repair_asked": _("What you reviewed was changed. Is it solved? Tell us here: %(link)s"),
    "repair_message": _("You have a message about your review: %(link)s"),
}


def words(notice) -> list[str]:
    """Title and text, in the language that is active."""
    number = notice.params.get("number") or (notice.application and notice.application.number)
    gaps = {"number": number or ""}
    return [str(sentence) % gaps for sentence in REVIEW_TEXTS[notice.kind]]
