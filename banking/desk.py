"""The bank's desk: one visit or video in which the intent is verified, then the basic account and its number."""

from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from banking import CODE, agreements, branches, rules
from banking.models import Account
from kernel.cases import exchange
from kernel.cases.actions import close_stage, meeting
from kernel.cases.models import Application
from kernel.core.errors import refusing_taken
from kernel.form import choices
from kernel.standards import evaluation, publishing


class BankingDesk:
    department = CODE

    def open(self, case, stage) -> None:
        """Nothing to prepare: branch and appointment are in the filing."""

    def conditions(self, case, stage, **granted) -> list[str]:
        """`number`, `basic_number` as the bank's system gave them; `meeting` kind, `met_at`; `intent_verified` by the
        officer, where no standard asks for it."""
        application = case.application
        values = decided(case, granted)
        faults = rules.faults(values, application.zone.settings, application.submitted_at, case.at)
        errors = list(faults.values())
        if case.filing.appointment and not meeting.has_come(case):
            errors.append(
                _("Record first that the company has arrived: nobody can have met it before.")
            )
        if stage.unit not in branches.by_code():
            errors.append(_("The branch is not known. Ask the supervisor."))
        return errors

    def closed(self, case, stage, **granted) -> None:
        values = decided(case, granted)
        account = Account.objects.create(
            application=case.application,
            branch_id=stage.unit,
            number=values["number"],
            basic_number=values["basic_number"],
            meeting=values["meeting"],
            met_at=values["met_at"],
            officer=case.actor,
            opened_at=case.at,
        )
        if case.filing.appointment:
            meeting.end_meeting(case)
        case.issue("bank_account_notice", self.department, notice_facts(case, account))
        case.tell(self.department, case=case.application.pk)
        exchange.tell(case, exchange.ACCOUNT)
        agreements.make(case)

    def close(self, **decision) -> Application:
        """Raises Refused for a number that another account has."""
        taken = _("Another account already has this number. Check the numbers.")
        with refusing_taken(Account, "number", "basic_number", sentence=taken):
            return close_stage(self, **decision)


def intent_asked(case) -> bool:
    """Whether a standard asks for the intent, so that the stage closes only once that is answered "met"."""
    standards = publishing.named(case.application.standards_versions)
    return bool(
        rules.intent_questions(evaluation.evaluate(case.filing, standards, department=CODE))
    )


def decided(case, granted: dict) -> dict:
    """What the officer gave; unless said otherwise the intent was verified as the company chose, and just now."""
    return {
        "number": rules.normal(granted.get("number", "")),
        "basic_number": rules.normal(granted.get("basic_number", "")),
        "meeting": granted.get("meeting") or case.filing.answer("bank.meeting"),
        "met_at": granted.get("met_at") or case.at,
        "intent_verified": granted.get("intent_verified") or intent_asked(case),
    }


def notice_facts(case, account: Account) -> dict:
    """What the notice prints (`banking.papers.BankAccountNotice`), in Chinese whoever opens the account."""
    application = case.application
    with translation.override("zh-hans"):
        bank = branches.title(account.branch_id)
        return {
            "company_name": application.name,
            "uscc": application.uscc,
            "authority": bank,
            "bank_name": bank,
            "filing_number": application.filing_number,
            "issued_on": localdate(case.at).isoformat(),
            "opened_on": localdate(account.opened_at).isoformat(),
            "account_number": account.number,
            "basic_account_number": account.basic_number,
            "legal_representative": application.legal_representative,
            "intent_verified": choices.label("bank.meeting", account.meeting),
        }
