"""The bank desk's pages: a branch's officers see their branch alone."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banking import CODE, branches, rules
from banking.forms import AccountForm, this_minute
from banking.models import Account, WithholdingAgreement
from kernel.cases import exchange
from kernel.cases.actions import begin_awaiting, end_awaiting, record_arrival, record_no_show
from kernel.cases.models import Awaits
from kernel.core.departments import label
from kernel.core.errors import Refused
from kernel.core.moment import now
from kernel.desks.case_page import CasePage
from kernel.desks.data import Row
from kernel.desks.pages import DeskPages
from kernel.form import flow
from kernel.standards.display import display


class BankingPages(DeskPages):
    department = CODE
    namespace = "banking"
    title = gettext_lazy("Bank desk")
    template = "banking/case.html"
    form_class = AccountForm
    close_label = gettext_lazy("Account opened, close")
    closed_sentence = gettext_lazy("%(name)s: the basic account is open.")

    def on_request(self) -> frozenset[str]:
        return frozenset({"contacts.finance"})  # the officer calls the contact about the meeting

    def initial(self, page: CasePage) -> dict:
        return {"meeting": page.filing.answer("bank.meeting"), "met_at": this_minute()}

    def context(self, page: CasePage) -> dict:
        shown: dict[str, Any] = {
            "branch": branches.by_code().get(page.stage.unit),
            "appointment": display(page.filing, "bank.appointment"),
            "how": display(page.filing, "bank.meeting"),
        }
        if page.stage.state == flow.DONE:
            shown["record"] = recorded(Account.objects.get(pk=page.application.pk))
        return shown

    def urls(self) -> list:
        return [
            *super().urls(),
            path("<str:number>/here/", self.guard(self.here, "POST"), name="here"),
            path("<str:number>/missed/", self.guard(self.missed, "POST"), name="missed"),
            path("<str:number>/called/", self.guard(self.called, "POST"), name="called"),
            path("<str:number>/joined/", self.guard(self.joined, "POST"), name="joined"),
        ]

    def more_acts(self, page: CasePage, idle: str) -> list[dict]:
        """Who is here, who didn't come, and who didn't answer the call."""
        stage, number = page.stage, page.application.number
        if stage.state not in flow.AT_WORK:
            return []
        others = stage.holder_id not in (None, page.user.pk)
        awaits = stage.awaits if stage.state_now == flow.AWAITING else ""
        return [
            self._act(_("The company is here"), "I", "here", number, others and not awaits),
            self._act(_("Nobody came"), "X", "missed", number, awaits != "" or not page.is_mine),
            self._act(_("Joined after all"), "P", "joined", number, not page.is_mine)
            if awaits == Awaits.CALL
            else self._act(
                _("Doesn't answer"), "P", "called", number, awaits != "" or not page.is_mine
            ),
        ]

    def _act(self, label: str, key: str, name: str, number: str, disabled: bool) -> dict:
        url = self.url(name, number)
        return {"label": label, "key": key, "form": "close", "url": url, "disabled": disabled}

    def here(self, request: HttpRequest, number: str) -> HttpResponse:
        """The person has come, with an appointment or without: the case comes into the officer's hands."""
        return self._record(request, number, record_arrival)

    def missed(self, request: HttpRequest, number: str) -> HttpResponse:
        """Nobody came to the appointment: the applicant chooses another time, and the clock rests."""
        return self._record(request, number, record_no_show)

    def called(self, request: HttpRequest, number: str) -> HttpResponse:
        """The officer called by video and nobody joined: the case waits for the applicant, and the clock rests."""
        reason = rules.unanswered(now())
        return self._record(request, number, begin_awaiting, kind=Awaits.CALL, reason=reason)

    def joined(self, request: HttpRequest, number: str) -> HttpResponse:
        return self._record(request, number, end_awaiting)

    def _record(self, request: HttpRequest, number: str, action, **given) -> HttpResponse:
        page = self.page(request, number)
        try:
            action(actor=request.user, stage_id=page.stage.pk, **given)
        except Refused as refused:
            return self.refuse(request, number, refused)
        return redirect(self.url("case", number))

    def ready_note(self, page: CasePage) -> str:
        return _(
            "One visit or video: verify the intent, give the account, close. The company gets the notice."
        )


def recorded(account: Account) -> list[Row]:
    """The account, for reading."""
    met = date_format(localtime(account.met_at), "DATETIME_FORMAT")
    return [
        Row(_("Branch"), branches.title(account.branch_id)),
        Row(_("Account number"), account.number),
        Row(_("Basic account number"), account.basic_number),
        Row(_("Intent verified"), account.get_meeting_display(), met),
        *(_told(row) for row in exchange.told(exchange.ACCOUNT, account.application)),
        *_agreement(account.application),
    ]


def _agreement(application) -> list[Row]:
    made = WithholdingAgreement.objects.filter(application=application).first()
    if made is None:
        return []
    at = made.accepted_at
    sentence = (
        _("accepted by the tax office %(at)s")
        % {"at": date_format(localtime(at), "DATETIME_FORMAT")}
        if at
        else _("not accepted by the tax office yet")
    )
    return [Row(_("Withholding agreement"), made.number, sentence)]


def _told(row: exchange.Told) -> Row:
    sentence = (
        date_format(localtime(row.at), "DATETIME_FORMAT")
        if row.at
        else _("not yet; it is tried again")
    )
    return Row(_("Told of the account"), label(row.department), sentence)
