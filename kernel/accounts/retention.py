"""What is kept of accounts beside the accounts, and for how long."""

from django.utils.translation import gettext_lazy as _

from kernel.core import retention

LOG_INS = (
    190  # days: the Cybersecurity Law (article on logs of a network) asks for six months at least
)
CARDS_SEEN = 365  # days: as long as somebody may say that it wasn't them


def register() -> None:
    from kernel.accounts.devices import EnrolmentLink
    from kernel.accounts.log_in_records import LogInRecord
    from kernel.accounts.models import AccountSession
    from kernel.accounts.one_time_codes import OneTimeCode
    from kernel.accounts.presences import Presence, drop_pictures
    from kernel.accounts.tries import Tries
    from kernel.accounts.unsent import Unsent

    retention.keep(
        "tries",
        _("Counts of wrong passwords that have run out (after 90 days at most)"),
        1,
        lambda moment: Tries.objects.filter(until__lt=int(moment.timestamp())),
    )
    log_ins = _("Log-ins and wrong passwords, with the address they came from")
    retention.keep("log_ins", log_ins, LOG_INS, _before(LogInRecord, "at"))
    retention.keep(
        "sessions", _("Sessions that have ended"), 1, _before(AccountSession, "expire_date")
    )
    # The longest of the brakes on sending counts the codes of one day.
    retention.keep("codes", _("One-time codes"), 2, _before(OneTimeCode, "drawn_at"))
    retention.keep("unsent", _("Forms that were not sent"), 7, _before(Unsent, "at"))
    retention.keep(
        "enrolment_links", _("Links to set up a second step"), 30, _before(EnrolmentLink, "made_at")
    )
    retention.keep(
        "cards_seen",
        _("Pictures of identity cards that an officer looked at, at the counter"),
        CARDS_SEEN,
        lambda moment: Presence.objects.filter(at__lt=moment).exclude(picture=""),
        drop_pictures,
    )


def _before(model, column: str):
    return lambda moment: model.objects.filter(**{f"{column}__lt": moment})
