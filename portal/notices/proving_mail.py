"""That an e-mail address is somebody's: a code is sent to it, and typed by who is logged in. The only writers of
addresses."""

import secrets
import uuid
from datetime import timedelta

from django.db import transaction

from kernel.accounts import tries
from kernel.accounts.account_events import AccountEvent, record
from kernel.accounts.models import User
from kernel.accounts.one_time_codes import DIGITS, MINUTES, MOST_WRONG, NoCode, TooMany, WrongCode
from kernel.core.moment import now, real_now
from kernel.core.outbox.models import Message, post
from kernel.core.typed import digits
from portal.notices.models import MailAddress

CHANNEL = "mail-codes"
HOUR, DAY = 3600, 86400  # seconds
MOST = 5  # codes to one address in a day, and for one account in an hour


def ask(account: User, address: str) -> None:
    """Have a code sent to the address; the one before is void. Raises TooMany."""
    address = address.strip()
    counted = tries.count(
        (f"mail-code:account:{account.pk}", HOUR), (f"mail-code:{address.lower()}", DAY)
    )
    if any(row.count > MOST for row in counted):
        raise TooMany
    code = "".join(secrets.choice("0123456789") for _place in range(DIGITS))
    with transaction.atomic():
        MailAddress.objects.update_or_create(
            account=account,
            defaults={
                "asked": address,
                "code": code,
                "until": real_now() + timedelta(minutes=MINUTES),
                "wrong": 0,
            },
        )
        message = Message(
            channel=CHANNEL,
            key=f"{CHANNEL}:{uuid.uuid4()}",
            payload={"account": account.pk},
            written_at=now(),
        )
        post([message])


def take(account: User, typed: str) -> None:
    """The address is the account's from now on, if this is the code; it is good once. Raises WrongCode and NoCode.

    Never within another transaction: one that is undone would undo the counting of a wrong try.
    """
    with transaction.atomic(durable=True):
        row = MailAddress.objects.select_for_update().filter(account=account).first()
        if row is None or not row.code or row.until is None or row.until <= real_now():
            raise NoCode
        if row.wrong >= MOST_WRONG:
            raise NoCode
        right = secrets.compare_digest(row.code.encode(), digits(typed).encode())
        if right:
            row.address, row.proved_at = row.asked, now()
            row.asked, row.code, row.until = "", "", None
            record(account, AccountEvent.Kind.MAIL)
        else:
            row.wrong += 1
        row.save()
    if not right:
        raise WrongCode if row.wrong < MOST_WRONG else NoCode


def give_up(account: User) -> None:
    """No e-mail goes there any more."""
    with transaction.atomic():
        gone, _rows = MailAddress.objects.filter(account=account).delete()
        if gone:
            record(account, AccountEvent.Kind.MAIL_GONE)
