"""From a notice's kind and parameters to what a person reads, in the language that is active then."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy, pgettext_lazy

from kernel.cases import deferrals
from kernel.core import departments
from kernel.core.ui.states import describe
from kernel.form import flow
from portal.notices import digest_texts, own_words, proposal_texts, review_texts, service_texts
from portal.notices.account_texts import ACCOUNT_TEXTS

# kind → (title, text); `number` and `company` come from the case, `department` and `clock` from the parameters.
TEXTS = {
    "submitted": (
        gettext_lazy("Filed: %(number)s"),
        gettext_lazy(
            "The filing of %(company)s is in line at the window. Its working time has begun."
        ),
    ),
    "returned": (
        gettext_lazy("Please correct: %(number)s"),
        gettext_lazy(
            "%(department)s needs something corrected for %(company)s. All of it is listed; the clock waits."
        ),
    ),
    "licensed": (
        gettext_lazy("Licence issued: %(number)s"),
        gettext_lazy("The business licence of %(company)s is issued. The seals are being made."),
    ),
    "sealed": (
        gettext_lazy("Seals done: %(number)s"),
        gettext_lazy("The seals of %(company)s are done. %(desks)s are at work side by side."),
    ),
    "completed": (
        gettext_lazy("Completed: %(number)s"),
        gettext_lazy(
            "%(company)s is open. All documents are on the page of the case, and you may review the service."
        ),
    ),
    "declined": (
        gettext_lazy("Not registered: %(number)s"),
        gettext_lazy("%(company)s was not registered. The legal basis is on the page of the case."),
    ),
    "reissued": (
        gettext_lazy("Licence issued anew: %(number)s"),
        gettext_lazy(
            "%(company)s has a new licence; the one before is no longer valid. The ground is on its page."
        ),
    ),
    "revoked": (
        gettext_lazy("Licence revoked: %(number)s"),
        gettext_lazy(
            "The licence of %(company)s is revoked. The ground is on the page of the case."
        ),
    ),
    "warned": (
        gettext_lazy("Time is running out: %(number)s"),
        gettext_lazy("%(clock)s, %(company)s: %(percent)s%% of the time limit is used up."),
    ),
    "breached": (
        gettext_lazy("Over the limit: %(number)s"),
        gettext_lazy("%(clock)s, %(company)s: the time limit has passed."),
    ),
    "escalated": (
        gettext_lazy("A question from a window: %(number)s"),
        gettext_lazy(
            "%(department)s asks how to settle a point of %(company)s. The clock goes on."
        ),
    ),
    "objected": (
        gettext_lazy("Somebody refuses to sign: %(number)s"),
        gettext_lazy(
            "Somebody named in the filing of %(company)s says that it isn't them, or that they don't agree. Nothing "
            "goes on while they are named; the supervisor has been told."
        ),
    ),
    "objection": (
        gettext_lazy("A refusal to sign: %(number)s"),
        gettext_lazy(
            "Somebody named in the filing of %(company)s says that it isn't them, or that they don't agree. Decide on "
            "the page “Refusals to sign”."
        ),
    ),
    "objection_taken_back": (
        gettext_lazy("The refusal was taken back: %(number)s"),
        gettext_lazy("Whoever had refused to be named in %(company)s took it back."),
    ),
    "objection_upheld": (
        gettext_lazy("The refusal was upheld: %(number)s"),
        gettext_lazy(
            "The supervisor upheld the refusal of somebody named in %(company)s: name somebody else in their place."
        ),
    ),
    "objection_dismissed": (
        gettext_lazy("The refusal was dismissed: %(number)s"),
        gettext_lazy(
            "The supervisor dismissed the refusal of somebody named in %(company)s; their signature is still needed."
        ),
    ),
    "message": (
        gettext_lazy("A desk has written to you: %(number)s"),
        gettext_lazy(
            "%(department)s has written to you about %(company)s. Read it on the page of the case."
        ),
    ),
    "question": (
        gettext_lazy("The applicant has written to you: %(number)s"),
        gettext_lazy("The applicant of %(company)s has written to %(department)s."),
    ),
    "message_reminder": (
        gettext_lazy("A message waits for your answer: %(number)s"),
        gettext_lazy(
            "The message about %(company)s is not answered yet, and the time for it is running out."
        ),
    ),
    "message_overdue": (
        gettext_lazy("A message was not answered in time: %(number)s"),
        gettext_lazy("The applicant of %(company)s still waits for an answer to a message."),
    ),
    "answer_reminder": (
        gettext_lazy("A window waits for your answer: %(number)s"),
        gettext_lazy(
            "The question about %(company)s is not answered yet, and the time for it is running out."
        ),
    ),
    "answer_overdue": (
        gettext_lazy("A window was not answered in time: %(number)s"),
        gettext_lazy(
            "The question about %(company)s is still open and is before the next level, who may answer it too."
        ),
    ),
    "answered": (
        gettext_lazy("Answered: %(number)s"),
        gettext_lazy("The supervisor has answered your question about %(company)s."),
    ),
    "urged": (
        gettext_lazy("Urgent: %(number)s"),
        gettext_lazy(
            "%(department)s, %(company)s: the supervisor asks you to deal with this case first."
        ),
    ),
    "assigned": (
        gettext_lazy("Given to you: %(number)s"),
        gettext_lazy(
            "%(department)s, %(company)s: the supervisor has put this case into your hands."
        ),
    ),
    "reassigned": (
        gettext_lazy("Given to a colleague: %(number)s"),
        gettext_lazy(
            "%(department)s, %(company)s: the supervisor has given this case to a colleague."
        ),
    ),
    "extended": (
        gettext_lazy("Time limit extended: %(number)s"),
        gettext_lazy(
            "%(clock)s, %(company)s: %(minutes)s minutes more. The ground is on the page of the case."
        ),
    ),
    "reckoned": (
        gettext_lazy("New deadline: %(number)s"),
        gettext_lazy(
            "Working hours or holidays changed, and with them deadlines of %(company)s. The new ones are on its page."
        ),
    ),
    "awaiting": (
        gettext_lazy("It is your turn: %(number)s"),
        gettext_lazy(
            "%(department)s waits for %(company)s: %(awaits)s. Nothing is wrong; the clock stands still meanwhile."
        ),
    ),
    "still_waiting": (
        gettext_lazy("It waits for you: %(number)s"),
        gettext_lazy(
            "%(department)s has waited for %(company)s for %(days)s days. What is to be done is on the page of the "
            "case."
        ),
    ),
    "meeting_moved": (
        gettext_lazy("Another time for your appointment: %(number)s"),
        gettext_lazy(
            "Your appointment for %(company)s could not stay where it was and is now at %(at)s. You may choose another "
            "time on the page of the case."
        ),
    ),
    "meeting_cancelled": (
        gettext_lazy("Your appointment is cancelled: %(number)s"),
        gettext_lazy(
            "Nobody can meet %(company)s at %(at)s. Choose another time on the page of the case."
        ),
    ),
    "meeting_missed": (
        gettext_lazy("Your appointment was missed: %(number)s"),
        gettext_lazy(
            "Nobody came for %(company)s at %(at)s. Choose another time on the page of the case; until then the clock "
            "stands still."
        ),
    ),
    "meeting_soon": (
        gettext_lazy("Your appointment is near: %(number)s"),
        gettext_lazy(
            "%(company)s meets %(department)s at %(at)s. If that doesn't suit, move it on the page of the case."
        ),
    ),
    "given_back": (
        gettext_lazy("Back in line: %(number)s"),
        gettext_lazy(
            "%(department)s, %(company)s: nothing was done with it for a while, so it is in line again."
        ),
    ),
    "prioritised": (
        gettext_lazy("Your case goes first: %(number)s"),
        gettext_lazy("%(company)s goes first in every line from now on, on a published ground."),
    ),
    "raised": (
        gettext_lazy("No reason given: %(number)s"),
        gettext_lazy(
            "%(clock)s, %(company)s: it went over its limit, and no reason was given in time."
        ),
    ),
    "draft_reminder": (
        gettext_lazy("Your draft lapses soon: %(number)s"),
        gettext_lazy(
            "The filing of %(company)s is not submitted yet. Submit it, or it is discarded in some days."
        ),
    ),
    "draft_lapsed": (
        gettext_lazy("Your draft has lapsed: %(number)s"),
        gettext_lazy(
            "The filing of %(company)s was not submitted in time and is discarded. You may begin a new one."
        ),
    ),
    # A stranger reads these two before anybody judged the name that stands in the filing: they give its number alone.
    "share_offered": (
        gettext_lazy("You are asked to help: %(number)s"),
        gettext_lazy(
            "Somebody asks you to work on the filing %(number)s. Accept or refuse it under “My cases”."
        ),
    ),
    "draft_offered": (
        gettext_lazy("A filing is offered to you: %(number)s"),
        gettext_lazy(
            "The filing %(number)s is to become yours. Accept or refuse it under “My cases”."
        ),
    ),
    "share_accepted": (
        gettext_lazy("Your offer is accepted: %(number)s"),
        gettext_lazy("Whoever you asked works on the filing of %(company)s with you from now on."),
    ),
    "share_refused": (
        gettext_lazy("Your offer is refused: %(number)s"),
        gettext_lazy(
            "Whoever you asked turned the filing of %(company)s down. You may ask somebody else."
        ),
    ),
    "share_left": (
        gettext_lazy("Somebody left: %(number)s"),
        gettext_lazy(
            "Somebody who worked on the filing of %(company)s with you does so no longer."
        ),
    ),
    "share_ended": (
        gettext_lazy("No longer open to you: %(number)s"),
        gettext_lazy("The filing of %(company)s is worked on without you from now on."),
    ),
    "handed_over": (
        gettext_lazy("Handed over: %(number)s"),
        gettext_lazy("The filing of %(company)s is now another's alone; you no longer see it."),
    ),
    "bad_review": (
        gettext_lazy("A bad review: %(number)s"),
        gettext_lazy(
            "Somebody is dissatisfied with the handling of %(company)s. The supervisor contacts the writer in time."
        ),
    ),
    "contact_reminder": (
        gettext_lazy("Please call: %(number)s"),
        gettext_lazy(
            "The writer of a bad review of %(company)s still waits to be contacted; the time is running out."
        ),
    ),
    "contact_overdue": (
        gettext_lazy("Not called in time: %(number)s"),
        gettext_lazy("The writer of a bad review of %(company)s was not contacted in time."),
    ),
    "audit_fault": (
        gettext_lazy("An after-audit found a fault: %(number)s"),
        gettext_lazy(
            "%(company)s was approved by the system and should not have been. The finding is on the case."
        ),
    ),
    "material_reminder": (
        gettext_lazy("A material is still to come: %(number)s"),
        gettext_lazy(
            "%(company)s: %(material)s. Its last day is on the page of the case, where you supply it."
        ),
    ),
    "material_overdue": (
        gettext_lazy("A material did not come in time: %(number)s"),
        gettext_lazy(
            "%(company)s: %(material)s was promised and is overdue. It is to be supplied all the same."
        ),
    ),
    "material_supplied": (
        gettext_lazy("Material supplied: %(number)s"),
        gettext_lazy(
            "%(company)s: %(material)s is there. Please look at it; its clock stands still meanwhile."
        ),
    ),
    "material_accepted": (
        gettext_lazy("Material accepted: %(number)s"),
        gettext_lazy("%(company)s: %(material)s is in order. Nothing more follows for it."),
    ),
    "collect_reminder": (
        gettext_lazy("Still waiting for you: %(number)s"),
        gettext_lazy(
            "%(company)s: what was made for you is still to be collected. Code and place are on the page of the case."
        ),
    ),
    "collect_overdue": (
        gettext_lazy("Not collected: %(number)s"),
        gettext_lazy("%(company)s: nobody has collected what was made. It is kept at the window."),
    ),
    "dispatch_overdue": (
        gettext_lazy("Not sent yet: %(number)s"),
        gettext_lazy("%(company)s: the parcel has not been handed to the courier in time."),
    ),
    "parcel_overdue": (
        gettext_lazy("The parcel is late: %(number)s"),
        gettext_lazy(
            "%(company)s: the parcel has been on its way for longer than it should. The window asks the courier."
        ),
    ),
    "material_again": (
        gettext_lazy("Please supply again: %(number)s"),
        gettext_lazy(
            "%(company)s: %(material)s is not in order yet. What is missing is on the page of the case."
        ),
    ),
}
SETBACK = "setback"  # its text is the department's, by the step
NAMELESS = pgettext_lazy("company", "the company")


def _moment(text: str) -> str:
    return (
        f"{date_format(localtime(datetime.fromisoformat(text)), 'DATETIME_FORMAT')}" if text else ""
    )


@dataclass(frozen=True)
class Text:
    title: str
    body: str


def text(notice) -> Text:
    """What a notice says; its application must be loaded."""
    if notice.kind == "digest":
        return Text(digest_texts.title(notice.params), digest_texts.body(notice.params))
    if notice.kind in review_texts.REVIEW_TEXTS:
        return Text(*review_texts.words(notice))
    if notice.application is None:
        if notice.kind in proposal_texts.PROPOSAL_TEXTS:
            return Text(*proposal_texts.words(notice))
        if notice.kind in service_texts.SERVICE_TEXTS:
            return Text(*service_texts.words(notice))
        title, *sentences = ACCOUNT_TEXTS[notice.kind]
        return Text(str(title), " ".join(str(sentence) for sentence in sentences if sentence))
    department, clock = notice.params.get("department", ""), notice.params.get("clock", "")
    step = notice.params.get("step", "")
    title, body = TEXTS.get(notice.kind) or _of_department(department, notice.kind, step)
    of_case = notice.application.standards_versions or None
    words = {name: notice.params.get(name, "") for name in ("person", "phone", "code", "place")} | {
        "percent": notice.params.get("percent", ""),
        "minutes": notice.params.get("minutes", ""),
        "number": notice.application.number,
        "days": notice.params.get("days", ""),
        "at": _moment(notice.params.get("at", "")),
        "awaits": describe("stage", notice.params.get("awaits", ""))[0],
        "company": notice.application.name or NAMELESS,
        "department": departments.label(department),
        "desks": capfirst(departments.listed(departments.beside(of_case))),
        "clock": flow.clock_label(clock),
        "material": deferrals.label(material)
        if (material := notice.params.get("material"))
        else "",
    }
    own = own_words.said(own_words.INBOX, notice, words, notice.kind not in TEXTS)
    return Text(*(own or (str(title) % words, str(body) % words)))


def _of_department(code: str, kind: str, step: str) -> tuple[str, str]:
    """What a department says of a step of its own; an unknown kind is told plainly rather than hidden."""
    known = departments.department(code) if code in departments.codes() else None
    told = known and (known.setbacks if kind == SETBACK else known.notices)
    title, body, *_to_phones = (told or {}).get(
        step if kind == SETBACK else kind,
        ("%(number)s", gettext_lazy("The case has moved on.")),
    )
    return title, body
