"""A copy of what the portal keeps of somebody, for themselves (Personal Information Protection Law, article 45): what
they gave, what they filed, and what happened with their account."""

import json
from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.serializers.json import DjangoJSONEncoder

from kernel.accounts.models import AccountSession, LogInRecord, User
from kernel.cases.models import Application, ThreadDraft, ThreadMessage
from portal.notices.addresses import proved_mail
from portal.notices.models import Choices, Notice, Webhook
from reviews.models import Review, ReviewEvent

REVIEWED = ("service", "level", "tags", "comment", "created_at")
REPAIRED = ("answer", "answered_at", "level_after", "consent")
ANSWERS = (ReviewEvent.Step.SOLVED, ReviewEvent.Step.UNSOLVED)
CHOSEN = ("texts", "mail", "quiet_from", "quiet_until")
IN_MEMORY = 5 * 1024 * 1024  # bytes


def facts(account: User) -> dict:
    """By account, sessions, log-ins, events, messages, forms that were not sent, and cases; what was typed as it was
    typed, moments as ISO texts. From where somebody typed a wrong password is not told: it may be another's address."""
    cases = Application.objects.filter(applicant=account).select_related("zone").order_by("pk")
    return {
        "account": {
            "name": account.real_name,
            "id_number": account.id_number,
            "phone": account.phone,
            "email": account.email,
            "proved_email": proved_mail(account),
            "registered_at": account.date_joined,
            "phone_proved_at": account.phone_proved_at,
            "name_proved_at": account.name_proved_at,
            "last_log_in_at": account.last_login,
        },
        "sessions_until": list(
            AccountSession.objects.filter(account_id=account.pk).values_list(
                "expire_date", flat=True
            )
        ),
        "log_ins": [
            {
                "at": row.at,
                "was_right": row.was_right,
                "address": row.address if row.was_right else "",
            }
            for row in LogInRecord.objects.filter(account=account).order_by("pk")
        ],
        "events": [
            {
                "at": event.at,
                "what": event.get_kind_display(),
                "by_somebody_else": event.by_id is not None,
            }
            for event in account.account_events.all()
        ],
        "messages": [_notice(notice) for notice in _messages(account)],
        "told_by": list(Choices.objects.filter(account=account).values(*CHOSEN)),
        "webhooks": [
            {"address": row.address or row.asked, "proved_at": row.proved_at, "kinds": row.kinds}
            for row in Webhook.objects.filter(account=account)
        ],
        "not_sent": [
            {"page": row.page, "at": row.at, "typed": row.typed} for row in account.unsent.all()
        ],
        "messages_not_sent": [
            {"case": row.application.number, "at": row.saved_at, "text": row.body}
            for row in ThreadDraft.objects.filter(author=account).select_related("application")
        ],
        "cases": [_case(case) for case in cases],
        "reviews_of_services": [
            {"kind": row.kind, **_review(row)}
            for row in _reviews().filter(reviewer=account).exclude(kind="")
        ],
    }


def _messages(account: User):
    return Notice.objects.filter(recipient=account).prefetch_related("deliveries").order_by("pk")


def _notice(notice: Notice) -> dict:
    columns = ("channel", "state", "fault", "taken_at", "ended_at")
    sent = [{name: getattr(row, name) for name in columns} for row in notice.deliveries.all()]
    return {
        "created_at": notice.created_at,
        "kind": notice.kind,
        "read_at": notice.read_at,
        "sent": sent,
    }


def _case(case: Application) -> dict:
    return {
        "number": case.number,
        "zone": case.zone.title,
        "company": case.name,
        "state": case.get_state_display(),
        "begun_at": case.created_at,
        "submitted_at": case.submitted_at,
        "licensed_at": case.licensed_at,
        "completed_at": case.completed_at,
        "answers": case.answers,
        "people": [
            {"shareholder": person.is_shareholder, **person.data} for person in case.people.all()
        ],
        "uploads": [
            {"name": upload.filename, "at": upload.uploaded_at, "file": _place(case, upload)}
            for upload in case.materials.all()
        ],
        "messages": [_message(case, row) for row in _thread(case)],
        "papers": list(case.documents.values("kind", "state", "issued_at")),
        "reviews": [_review(row) for row in _reviews().filter(application=case)],
    }


def _reviews():
    return Review.objects.select_related("follow_up__repair").prefetch_related("events")


def _review(row: Review) -> dict:
    """What its writer said of it, and of its repair."""
    said = {name: getattr(row, name) for name in REVIEWED}
    if row.repair:
        said |= {name: getattr(row.repair, name) for name in REPAIRED}
        said["words_with_answers"] = [
            event.text for event in row.events.all() if event.step in ANSWERS and event.text
        ]
    return said


def _place(case: Application, upload) -> str:
    return f"{case.number}/{upload.uid}-{upload.filename}"


def _thread(case: Application):
    return case.thread.prefetch_related("files")


def _message(case: Application, row: ThreadMessage) -> dict:
    return {
        "at": row.written_at,
        "from": row.get_department_display() if row.from_desk else "applicant",
        "to": "applicant" if row.from_desk else row.get_department_display(),
        "text": row.body,
        "read_at": row.read_at,
        "answered_at": row.answered_at,
        "files": [{"name": file.filename, "file": _place(case, file)} for file in row.files.all()],
    }


def archive(account: User) -> IO[bytes]:
    """A ZIP of `data.json` and the files of the account's own cases, uploaded or sent in messages, ready to be read."""
    target = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (who serves it closes it)
    with ZipFile(target, "w", ZIP_DEFLATED) as packed:
        described = json.dumps(facts(account), ensure_ascii=False, indent=1, cls=DjangoJSONEncoder)
        packed.writestr("data.json", described)
        for case in Application.objects.filter(applicant=account).defer("answers"):
            sent = [file for row in _thread(case) for file in row.files.all()]
            for upload in [*case.materials.all(), *sent]:
                with (
                    upload.file.open("rb") as content,
                    packed.open(_place(case, upload), "w") as place,
                ):
                    for part in content.chunks():
                        place.write(part)
    target.seek(0)
    return target
