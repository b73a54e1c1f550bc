"""The trail: append-only, each event carrying the hash of the one before it in its case."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.cases.models.application import Application


class Event(models.Model):
    """`data` never holds personal data: names of fields, numbers of standards, codes, not what people typed."""

    class Kind(models.TextChoices):
        OFFERED = "offered", _("Draft offered to somebody")
        JOINED = "joined", _("Somebody works on the draft too")
        LEFT = "left", _("An offer or a right ended")
        HANDED_OVER = "handed_over", _("Draft handed over")
        SUBMITTED = "submitted", _("Submitted")
        OPENED = "opened", _("Stage opened")
        TAKEN = "taken", _("Taken by an officer")
        RETURNED = "returned", _("Returned for correction")
        RESUBMITTED = "resubmitted", _("Corrected")
        CLOSED = "closed", _("Stage done")
        STEP = "step", _("Step recorded")
        URGED = "urged", _("Urged by the supervisor")
        REASSIGNED = "reassigned", _("Given to another officer")
        EXTENDED = "extended", _("Time limit extended")
        RECKONED = "reckoned", _("Deadlines reckoned anew")
        EXPLAINED = "explained", _("Reason for going over")
        ESCALATED = "escalated", _("Asked the supervisor")
        ANSWERED = "answered", _("Answered by the supervisor")
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
        REVEALED = "revealed", _("Personal data shown in full")
        DEFERRED = "deferred", _("Material to follow")
        SUPPLIED = "supplied", _("Material supplied")
        ASKED_AGAIN = "asked_again", _("Material asked for again")
        ACCEPTED = "accepted", _("Material accepted")
        AUDITED = "audited", _("After-audit")
        REVIEWED = "reviewed", _("Reviewed by the applicant")
        CONTACTED = "contacted", _("Writer of a bad review contacted")
        RECTIFIED = "rectified", _("Cause of a bad review put right")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        DECLINED = "declined", _("Declined")
        COMPLETED = "completed", _("Completed")

    application = models.ForeignKey(Application, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(_("what"), max_length=20, choices=Kind.choices)
    department = models.CharField(max_length=20, blank=True, default="")
    round = models.PositiveSmallIntegerField(default=0)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("when"))
    data = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("trail")
        ordering = ["application", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["application", "seq"], name="one_event_a_place"),
            models.UniqueConstraint(
                fields=["application", "department", "round"],
                condition=models.Q(kind__in=["closed", "returned"]),
                name="one_decision_a_round",
            ),
        ]

    def __str__(self):
        return f"{self.seq} {self.kind}"
