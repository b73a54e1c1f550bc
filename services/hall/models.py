"""Tickets of the hall and what happened to each, who is at which window, and the machines that print tickets."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.accounts.models import Window, Zone
from kernel.core import departments
from kernel.core.append_only import AppendOnly
from kernel.core.fields import CodesField, EncryptedTextField, NamedField
from kernel.core.privacy import blind_index
from services.hall.lanes import GROUNDS, LANES


def _letters() -> list[tuple[str, str]]:
    return [(letter, letter) for letter in LANES]


def _grounds() -> list:
    return list(GROUNDS.items())


class LaneDay(models.Model):
    """The last number that a lane of a zone has given on a day: whoever gives the next one locks the row."""

    zone = models.ForeignKey(Zone, models.CASCADE, related_name="+")
    day = models.DateField()
    lane = models.CharField(max_length=1)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("numbers of a lane")
        verbose_name_plural = _("numbers of lanes")
        constraints = [
            models.UniqueConstraint(fields=["zone", "day", "lane"], name="one_count_a_lane_and_day")
        ]

    def __str__(self):
        return f"{self.day} {self.lane} {self.last}"


class Ticket(models.Model):
    """A place in the line of a day.

    `uid` is of the page on which it was asked for, where there was one: pressed twice it gives one ticket. `code` opens
    its page and stands on the printed one; nobody guesses it. Who booked waits from `due_at` on, others
    from `taken_at`. `phone` is for one text and is emptied with the day. `called_at` is the first call, `shown_at` the
    last one. `called_for` are the lines (`services.hall.line.key`) out of which the window took it: whose turn came
    before whom is read from them. `how` says how it ended, and `became_kind` with
    `became_uid` what became of it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("ticket", "Waiting")
        CALLED = "called", pgettext_lazy("ticket", "Called")
        SERVING = "serving", pgettext_lazy("ticket", "At the window")
        ENDED = "ended", pgettext_lazy("ticket", "Done")
        NO_SHOW = "no_show", pgettext_lazy("ticket", "Didn't come")
        CANCELLED = "cancelled", pgettext_lazy("ticket", "Given up")

    class How(models.TextChoices):
        CASE = "case", pgettext_lazy("ticket", "A filing or case")
        SERVICE = "service", pgettext_lazy("ticket", "A service")
        ANSWERED = "answered", pgettext_lazy("ticket", "Answered")
        LEFT = "left", pgettext_lazy("ticket", "Left")
        NO_SHOW = "no_show", pgettext_lazy("ticket", "Didn't come")
        CANCELLED = "cancelled", pgettext_lazy("ticket", "Given up")
        DAY = "day", pgettext_lazy("ticket", "The day ended")

    class Way(models.TextChoices):
        KIOSK = "kiosk", _("At the ticket machine")
        PHONE = "phone", _("On a phone")
        DESK = "desk", _("By the staff")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    zone = models.ForeignKey(
        Zone, models.PROTECT, related_name="tickets", verbose_name=_("zone"), editable=False
    )
    day = models.DateField(_("day"))
    lane = NamedField(_("lane"), max_length=1, choices=_letters)
    number = models.PositiveIntegerField(_("number"))
    department = NamedField(
        _("department"), max_length=20, blank=True, default="", choices=departments.choices
    )
    ground = NamedField(_("goes first"), max_length=12, blank=True, default="", choices=_grounds)
    code = models.CharField(max_length=20, unique=True, editable=False)
    phone = EncryptedTextField(_("mobile phone"), blank=True, default="")
    phone_index = models.CharField(max_length=64, blank=True, default="", editable=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("account"),
    )
    booking = models.UUIDField(_("booking"), null=True)
    way = models.CharField(_("taken"), max_length=10, choices=Way.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    how = models.CharField(
        _("how it ended"), max_length=10, choices=How.choices, blank=True, default=""
    )
    became_kind = models.SlugField(_("became"), max_length=30, blank=True, default="")
    became_uid = models.UUIDField(null=True)
    taken_at = models.DateTimeField(_("taken"))
    due_at = models.DateTimeField(_("booked for"), null=True)
    called_at = models.DateTimeField(_("called"), null=True)
    called_again_at = models.DateTimeField(_("called again"), null=True)
    called_for = CodesField(max_length=200, blank=True, default=())
    shown_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(_("begun"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    returned_at = models.DateTimeField(_("came after all"), null=True)
    told_at = models.DateTimeField(_("told by text"), null=True)
    window = models.ForeignKey(
        Window, models.PROTECT, null=True, related_name="tickets", verbose_name=_("window")
    )
    served_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("called by"),
    )

    class Meta:
        verbose_name = pgettext_lazy("hall", "ticket")
        verbose_name_plural = pgettext_lazy("hall", "tickets")
        ordering = ["day", "taken_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "day", "lane", "number"], name="one_ticket_a_number"
            ),
            models.UniqueConstraint(
                fields=["window"],
                condition=models.Q(state__in=["called", "serving"]),
                name="one_ticket_in_hand_a_window",
            ),
            models.UniqueConstraint(
                fields=["booking"],
                condition=models.Q(state__in=["waiting", "called", "serving"]),
                name="one_live_ticket_a_booking",
            ),
            models.UniqueConstraint(
                fields=["zone", "day", "phone_index"],
                condition=models.Q(state__in=["waiting", "called", "serving"])
                & ~models.Q(phone_index=""),
                name="one_live_ticket_a_phone",
            ),
            models.UniqueConstraint(
                fields=["zone", "day", "account"],
                condition=models.Q(state__in=["waiting", "called", "serving"]),
                name="one_live_ticket_an_account",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["called", "serving"])
                | models.Q(window__isnull=False, called_at__isnull=False),
                name="called_by_a_window_at_a_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "called", "serving"], how="")
                | (~models.Q(state__in=["waiting", "called", "serving"]) & ~models.Q(how="")),
                name="over_tickets_say_how",
            ),
        ]
        indexes = [
            models.Index(fields=["zone", "day", "state"], name="tickets_of_a_day"),
            models.Index(
                fields=["day"],
                name="tickets_to_come",
                condition=models.Q(state__in=["waiting", "called", "serving"]),
            ),
            models.Index(
                fields=["day"], name="tickets_with_a_phone", condition=~models.Q(phone_index="")
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def label(self) -> str:
        """As the board shows it."""
        return f"{self.lane} {self.number:03d}"

    @property
    def printed_code(self) -> str:
        """The code as it is printed: in groups of four."""
        return "-".join(self.code[place : place + 4] for place in range(0, len(self.code), 4))

    @property
    def since(self) -> datetime:
        """From when on somebody waits: who booked doesn't before their time."""
        return max(self.due_at, self.taken_at) if self.due_at else self.taken_at

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    def with_phone(self, phone: str) -> None:
        self.phone, self.phone_index = phone, blind_index(phone)


State = Ticket.State
How = Ticket.How
LIVE = (State.WAITING, State.CALLED, State.SERVING)
IN_HAND = (State.CALLED, State.SERVING)

# Moves that the database itself allows.
MOVES = (
    (State.WAITING, State.CALLED),
    (State.WAITING, State.CANCELLED),
    (State.WAITING, State.ENDED),
    (State.CALLED, State.SERVING),
    (State.CALLED, State.NO_SHOW),
    (State.CALLED, State.CANCELLED),
    (State.SERVING, State.ENDED),
    (State.NO_SHOW, State.WAITING),  # comes after all
)


class TicketEvent(AppendOnly):
    """What happened to a ticket, by whom and when. Never changed once written; no personal data."""

    class Kind(models.TextChoices):
        TAKEN = "taken", pgettext_lazy("ticket", "Taken")
        CANCELLED = "cancelled", pgettext_lazy("ticket", "Given up")
        CALLED = "called", pgettext_lazy("ticket", "Called")
        AGAIN = "again", pgettext_lazy("ticket", "Called again")
        BEGUN = "begun", pgettext_lazy("ticket", "Begun")
        BECAME = "became", pgettext_lazy("ticket", "Became something")
        ENDED = "ended", pgettext_lazy("ticket", "Ended")
        NO_SHOW = "no_show", pgettext_lazy("ticket", "Didn't come")
        BACK = "back", pgettext_lazy("ticket", "Came after all")
        TOLD = "told", pgettext_lazy("ticket", "Told that their turn is near")

    ticket = models.ForeignKey(
        Ticket,
        models.PROTECT,
        related_name="events",
        verbose_name=pgettext_lazy("hall", "ticket"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    at = models.DateTimeField(_("recorded"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("event of a ticket")
        verbose_name_plural = _("events of tickets")
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"


class WindowSession(AppendOnly):
    """That a window is open, paused or closed from a moment on, who said so, and which lanes it calls. Appended, never
    changed: the newest row of the day holds, and every window is closed when a day begins."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("window", "Open")
        PAUSED = "paused", pgettext_lazy("window", "Paused")
        CLOSED = "closed", pgettext_lazy("window", "Not open")

    window = models.ForeignKey(
        Window, models.PROTECT, related_name="sessions", verbose_name=_("window")
    )
    day = models.DateField(_("day"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    lanes = CodesField(_("lanes"), max_length=30, choices=_letters, blank=True, default=())
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("opening of a window")
        verbose_name_plural = _("openings of windows")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["window", "day"], name="window_days")]

    def __str__(self):
        return f"{self.window} {self.get_state_display()}"


class Kiosk(models.Model):
    """A machine that prints tickets. The link with which it is set up works once and not for long; the machine then
    holds a secret of its own (`kernel.core.privacy.blind_index` of each is kept), until somebody takes it away."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    zone = models.ForeignKey(Zone, models.CASCADE, related_name="kiosks", verbose_name=_("zone"))
    place = models.CharField(_("where it stands"), max_length=40)
    link_digest = models.CharField(max_length=64, unique=True, editable=False)
    link_until = models.DateTimeField(_("link good until"))
    digest = models.CharField(max_length=64, blank=True, default="", db_index=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("set up by")
    )
    made_at = models.DateTimeField(_("link given"))
    set_up_at = models.DateTimeField(_("set up"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("taken away by"),
    )
    ended_at = models.DateTimeField(_("taken away"), null=True)

    class Meta:
        verbose_name = _("ticket machine")
        verbose_name_plural = _("ticket machines")
        ordering = ["zone", "pk"]

    def __str__(self):
        return self.place
