"""The bank's page of the form: the branch, how to meet it, and when."""

from django.utils.translation import gettext_lazy as _

from banking.fields import UNBOOKED
from kernel.applicants.inputs import Chosen, Picked
from kernel.applicants.pages import FormPage
from kernel.applicants.slots import SlotField
from kernel.core.departments import SOON
from kernel.form import choices
from kernel.standards.display import listed


class BankPage(FormPage):
    key = "bank"
    note = _("Choose a branch and a time, at the counter or by video")

    branch = Picked()
    meeting = Chosen(
        "bank.meeting", help_text=_("The one thing that the bank must do with you in person.")
    )
    appointment = SlotField(
        help_text=_(
            "Times begin where the company exists at the latest. A chosen time is held for 15 minutes while you fill "
            "in, and booked when you submit; you may move it until you have come."
        )
    )

    def proposal(self) -> dict:
        """Nobody needs an appointment who meets the bank by video."""
        offered = choices.offered("bank.branch", self.draft.zone)
        return {"meeting": UNBOOKED[0].value, "appointment": SOON} | (
            {"branch": offered[0][0]} if len(offered) == 1 else {}
        )

    @staticmethod
    def summary(filing):
        return listed(filing, "bank.branch", "bank.appointment")

    def prepare(self):
        self.fields["branch"].offer(choices.offered("bank.branch", self.draft.zone))
        self.fields["appointment"].show(
            self.draft.zone,
            unit=self.now("branch"),
            may_be_soon=self.now("meeting") in UNBOOKED,
            value=self.now("appointment"),
            at=self.draft.at,
        )

    @property
    def conditional(self) -> list[str]:
        """The times are those of the branch and of the way of meeting."""
        return [*super().conditional, "appointment"]

    @property
    def arising(self) -> list[str]:
        return self.conditional

    @property
    def asking(self) -> str:
        return f"{self.now('branch')},{self.now('meeting')}"

    def clean(self):
        super().clean()
        branches = dict(choices.offered("bank.branch", self.draft.zone))
        if (
            branches
            and self.cleaned_data.get("branch")
            and self.cleaned_data["branch"] not in branches
        ):
            self.add_error("branch", _("This branch takes no new companies now. Choose another."))
