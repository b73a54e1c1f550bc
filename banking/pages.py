"""The bank's page of the form: the branch, how to meet it, and when."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from banking import CODE
from banking.fields import LEFT_OUT, UNBOOKED, Choice
from kernel.applicants.inputs import Chosen, Picked
from kernel.applicants.pages import FormPage
from kernel.applicants.slots import SlotField
from kernel.core.departments import SOON
from kernel.form import choices
from kernel.standards.display import listed


class BankPage(FormPage):
    key = "bank"
    note = _("Choose a branch and a time, at the counter or by video")

    meeting = Chosen(
        "bank.meeting",
        help_text=_(
            "The bank verifies with you that you want the account: the one thing that it must do with you in person."
        ),
    )
    branch = Picked()
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
        if CODE in filing.left_out:
            return listed(filing, "bank.meeting")
        return listed(filing, "bank.branch", "bank.appointment")

    def prepare(self):
        if CODE in self.draft.filing.optional:
            self.fields["meeting"].help_text = _(
                "The bank verifies with you that you want the account. Without an account here the bank has no part in "
                "your case, which ends earlier; any bank opens one later with the licence. After the submit this can't "
                "be changed."
            )
        else:
            self.fields["meeting"].choices = [
                choice for choice in Choice.choices if choice[0] != LEFT_OUT.answer
            ]
        self.fields["branch"].offer(choices.offered("bank.branch", self.draft.zone))
        self.fields["appointment"].show(
            self.draft.zone,
            unit=self.now("branch"),
            may_be_soon=self.now("meeting") in UNBOOKED,
            value=self.now("appointment"),
            at=self.draft.at,
        )

    @property
    def arising(self) -> Sequence[str]:
        """Branch and time, which depend on the way of meeting, unless the bank is left out."""
        return [] if self.now("meeting") == LEFT_OUT.answer else self.conditional

    @property
    def asking(self) -> str:
        return f"{self.now('branch')},{self.now('meeting')}"

    def clean(self):
        super().clean()
        if not self.arising:
            return
        branches = dict(choices.offered("bank.branch", self.draft.zone))
        if (
            branches
            and self.cleaned_data.get("branch")
            and self.cleaned_data["branch"] not in branches
        ):
            self.add_error("branch", _("This branch takes no new companies now. Choose another."))
