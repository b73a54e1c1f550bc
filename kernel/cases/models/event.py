"""The trail: append-only, each event carrying the hash of the one before it in its case."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import roles
from kernel.cases.models.application import Application
from kernel.core import departments
from kernel.core.append_only import AppendOnly
from kernel.core.fields import NamedField


class Event(AppendOnly):
    """`role` is that in which its actor acted then, empty for the clocks and the system. `data` never holds personal
    data: names of fields, numbers of standards, codes, not what people typed. `sealed_with` names the key of
    `settings.TRAIL_KEYS` that the hash was made with; events from before there was one have none."""

    class Kind(models.TextChoices):
        OFFERED = "offered", _("Draft offered to somebody")
        JOINED = "joined", _("Somebody works on the draft too")
        LEFT = "left", _("An offer or a right ended")
        HANDED_OVER = "handed_over", _("Draft handed over")
        HELPED = "helped", _("Work on it at the counter began")
        HELP_ENDED = "help_ended", _("Work on it at the counter ended")
        SUBMITTED = "submitted", _("Submitted")
        OPENED = "opened", _("Stage opened")
        TAKEN = "taken", _("Taken by an officer")
        RETURNED = "returned", _("Returned for correction")
        RESUBMITTED = "resubmitted", _("Corrected")
        APPOINTMENT = "appointment", _("Appointment")
        AWAITING = "awaiting", _("Waits for the applicant")
        REMINDED = "reminded", _("Applicant reminded")
        TOLD = "told", _("Applicant told")
        UNREACHED = "unreached", _("Applicant could not be reached")
        AWAITED = "awaited", _("What was waited for has come")
        CLOSED = "closed", _("Stage done")
        STEP = "step", _("Step recorded")
        URGED = "urged", _("Urged by the supervisor")
        REASSIGNED = "reassigned", _("Given to another officer")
        EXTENDED = "extended", _("Time limit extended")
        RECKONED = "reckoned", _("Deadlines reckoned anew")
        EXPLAINED = "explained", _("Reason for going over")
        ESCALATED = "escalated", _("Asked the supervisor")
        ANSWERED = "answered", _("Answered by the supervisor")
        MESSAGE = "message", _("Message between applicant and desk")
        SETTLED = "settled", _("Message needs no answer")
        HANDED_ON = "handed_on", _("Question handed on to another desk")
        WARNED = "warned", _("Clock warning")
        BREACHED = "breached", _("Over time")
        RAISED = "raised", _("Sent to the next level")
        PUT_BACK = "put_back", _("Clock put back after a fault")
        GIVEN_BACK = "given_back", _("Back in line, untouched")
        PRIORITISED = "prioritised", _("Given priority")
        DOCUMENT = "document", _("Document issued")
        REISSUED = "reissued", _("Licence issued anew")
        REVOKED = "revoked", _("Licence revoked")
        SIGNED = "signed", _("Papers signed")
        OBJECTED = "objected", _("A signer refused to sign")
        OBJECTION_ENDED = "objection_ended", _("Refusal to sign taken back or decided on")
        ERASED = "erased", _("What was typed and uploaded was erased")
        REVEALED = "revealed", _("Personal data shown in full")
        READ = "read", _("Files opened")
        DEFERRED = "deferred", _("Material to follow")
        SUPPLIED = "supplied", _("Material supplied")
        ASKED_AGAIN = "asked_again", _("Material asked for again")
        ACCEPTED = "accepted", _("Material accepted")
        DRAWN = "drawn", _("Picture of a rare character attached")
        AUDITED = "audited", _("After-audit")
        REVIEWED = "reviewed", _("Reviewed by the applicant")
        CONTACTED = "contacted", _("Writer of a bad review contacted")
        RECTIFIED = "rectified", _("Cause of a bad review put right")
        REPAIR = "repair", _("Step of the repair after a bad review")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        DECLINED = "declined", _("Declined")
        COMPLETED = "completed", _("Completed")
        # What only two persons do together (`kernel.accounts.proposing`).
        PROPOSED = "proposed", _("Put before a second person")
        AGREED = "agreed", _("A second person agreed")
        TURNED_DOWN = "turned_down", _("The second person refused")
        TAKEN_BACK = "taken_back", _("Taken back before a second person decided")
        NOT_POSSIBLE = "not_possible", _("Agreed to, but not possible any more")

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="events", verbose_name=_("case")
    )
    seq = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("what"), max_length=20, choices=Kind.choices)
    department = NamedField(
        _("department"), max_length=20, choices=departments.choices, blank=True, default=""
    )
    round = models.PositiveSmallIntegerField(_("round"), default=0)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    role = NamedField(_("role"), max_length=30, choices=roles, blank=True, default="")
    at = models.DateTimeField(_("when"))
    data = models.JSONField(_("details"), default=dict)
    previous = models.CharField(_("hash of the event before"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64)
    sealed_with = models.CharField(_("key of the seal"), max_length=20, blank=True, default="")

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("trail")
        ordering = ["application", "seq"]
        indexes = [
            models.Index(
                fields=["at"],
                name="event_wait_ends",
                condition=models.Q(kind__in=["resubmitted", "awaited"]),
            ),
            models.Index(
                fields=["at"],
                name="event_looks",
                condition=models.Q(kind__in=["read", "revealed"]),
            ),
            models.Index(
                fields=["application", "-seq"],
                name="event_telling",
                condition=models.Q(kind__in=["told", "unreached"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["application", "seq"], name="one_event_a_place"),
            models.CheckConstraint(
                condition=models.Q(actor=None, role="")
                | (models.Q(actor__isnull=False) & ~models.Q(role="")),
                name="who_acts_does_so_in_a_role",
            ),
            models.UniqueConstraint(
                fields=["application", "department", "round"],
                condition=models.Q(kind__in=["closed", "returned"]),
                name="one_decision_a_round",
            ),
        ]

    def __str__(self):
        return f"{self.seq} {self.kind}"
