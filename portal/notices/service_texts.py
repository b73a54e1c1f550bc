"""What people read of services that are booked or asked for, by the kind of notice: title and text, and what a phone is
told. `service` is what the service is called, `number` that of the request, `at` the time of the appointment."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from kernel.core.words import Words
from services.booked import kinds

SERVICE_TEXTS: dict[str, tuple[Words, Words]] = {
    "service_booked": (
        _("Booked: %(service)s"),
        _(
            "%(service)s, %(number)s: %(at)s. What to prepare stands on its page; move or cancel it there."
        ),
    ),
    "service_agreed": (
        _("Granted: %(service)s"),
        _("%(service)s, %(number)s was granted. Who gives it, and when, stands on its page."),
    ),
    "service_refused": (
        _("Not granted: %(service)s"),
        _("%(service)s, %(number)s was not granted. The reason stands on its page."),
    ),
    "service_opened": (
        _("It opens: %(service)s"),
        _(
            "The session that you wished for opens. Your place: %(at)s. Move or cancel it on the page of %(number)s."
        ),
    ),
    "service_dropped": (
        _("It doesn't open: %(service)s"),
        _(
            "The session that you wished for with %(number)s is not opened. Choose another, or a time at the window."
        ),
    ),
    "service_full": (
        _("No place left: %(service)s"),
        _(
            "The session of %(number)s opens, but all its places went to wishes before yours. Choose another one."
        ),
    ),
    "service_moved": (
        _("Another time: %(service)s"),
        _(
            "Your appointment %(number)s could not stay where it was and is now at %(at)s. You may choose another time."
        ),
    ),
    "service_placeless": (
        _("Please choose another time: %(service)s"),
        _(
            "Nobody can meet you at the time of %(number)s any more. Choose another one on its page."
        ),
    ),
    "service_soon": (
        _("Your appointment is near: %(service)s"),
        _("%(service)s, %(number)s: %(at)s. If that doesn't suit, move it on its page."),
    ),
    "service_missed": (
        _("You were missed: %(service)s"),
        _("You were missed for %(number)s. Choose another time on its page."),
    ),
    "service_due": (
        _("We call you: %(service)s"),
        _(
            "A helper calls you in the next days and asks how the first return and the first employees go. On the page "
            "of %(number)s you may choose a time."
        ),
    ),
    "service_done": (
        _("Done: %(service)s"),
        _(
            "%(service)s, %(number)s is done. What came of it stands on its page, and you may review it."
        ),
    ),
    "service_ended": (
        _("Ended: %(service)s"),
        _("%(service)s, %(number)s has ended."),
    ),
    "service_asked": (
        _("To decide: %(service)s"),
        _(
            "%(service)s, %(number)s waits for your decision. By when stands on the page of what is to be decided."
        ),
    ),
    "service_overdue": (
        _("Not decided in time: %(service)s"),
        _("%(service)s, %(number)s still waits for a decision, and the time for it has passed."),
    ),
    "service_to_tell": (
        _("To be told by telephone: %(service)s"),
        _(
            "%(service)s, %(number)s has changed, and the person has no account: call them. How it stands is on "
            "its page."
        ),
    ),
    "service_assigned": (
        _("Assigned to you: %(service)s"),
        _("%(service)s, %(number)s: you give it. When and where stands on its page."),
    ),
    "service_given_moved": (
        _("Moved: %(service)s"),
        _("%(service)s, %(number)s, which you give, was moved to %(at)s."),
    ),
    "service_given_off": (
        _("Cancelled: %(service)s"),
        _("%(service)s, %(number)s, which you were to give, was cancelled. Nobody waits for you."),
    ),
}

SERVICE_PHONE_TEXTS: dict[str, Words] = {
    "service_booked": _(
        "Your appointment is booked: %(at)s. What to prepare stands here: %(link)s"
    ),
    "service_agreed": _("What you asked for was granted; who and when stands here: %(link)s"),
    "service_refused": _("What you asked for was not granted; the reason stands here: %(link)s"),
    "service_opened": _("The session that you wished for opens. Your place: %(at)s: %(link)s"),
    "service_dropped": _("The session that you wished for is not opened: %(link)s"),
    "service_full": _("The session that you wished for is full: %(link)s"),
    "service_moved": _(
        "Your appointment could not stay where it was; it is now at %(at)s: %(link)s"
    ),
    "service_placeless": _("Your appointment can't be kept; choose another time: %(link)s"),
    "service_soon": _("Your appointment is at %(at)s. What to prepare stands here: %(link)s"),
    "service_missed": _("Your appointment was missed; choose another time: %(link)s"),
    "service_due": _("A helper calls you in the next days; choose a time if you like: %(link)s"),
}


def words(notice) -> list[str]:
    """Title and text, in the language that is active."""
    at = notice.params.get("at", "")
    given = {
        "service": str(kinds.label(notice.params["service"])),
        "number": notice.params["request"],
        "at": date_format(localtime(datetime.fromisoformat(at)), "DATETIME_FORMAT") if at else "",
    }
    return [str(sentence) % given for sentence in SERVICE_TEXTS[notice.kind]]
