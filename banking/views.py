"""The bank desk's pages: a branch's officers see their branch alone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banking import CODE, branches
from banking.forms import AccountForm, this_minute
from banking.models import Account
from kernel.cases import exchange
from kernel.cases.actions import take
from kernel.core.departments import label
from kernel.core.errors import Refused, Stale
from kernel.desks.case_page import CasePage
from kernel.desks.data import Row
from kernel.desks.pages import DeskPages
from kernel.form import flow


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
        shown = {
            "branch": branches.by_code().get(page.stage.unit),
            "appointment": page.filing.appointment,
        }
        if page.stage.state == flow.DONE:
            shown["record"] = recorded(Account.objects.get(pk=page.application.pk))
        return shown

    def urls(self) -> list:
        return [
            *super().urls(),
            path("<str:number>/here/", self.guard(self.here, "POST"), name="here"),
        ]

    def more_acts(self, page: CasePage, idle: str) -> list[dict]:
        """Who comes before the appointment need not wait for it."""
        if page.stage.holder_id or not page.clock.rests_until:
            return []
        url = self.url("here", page.application.number)
        return [
            {
                "label": _("The company is here"),
                "key": "H",
                "form": "close",
                "url": url,
                "disabled": False,
            }
        ]

    def here(self, request: HttpRequest, number: str) -> HttpResponse:
        """Take the case of a company that has come early in hand; one that is in line is handed out in its order."""
        page = self.page(request, number)
        try:
            if not page.clock.rests_until:
                raise Stale
            take(actor=request.user, stage_id=page.stage.pk)
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
        *(_told(one) for one in exchange.told(exchange.ACCOUNT, account.application)),
    ]


def _told(one: exchange.Told) -> Row:
    said = (
        date_format(localtime(one.at), "DATETIME_FORMAT")
        if one.at
        else _("not yet; it is tried again")
    )
    return Row(_("Told of the account"), label(one.department), said)
