"""One-time codes: drawn, sent to a phone as a text, and taken once.

    code = draw(Purpose.REGISTER, phone, address=client_address(request))
    take(Purpose.REGISTER, phone, typed)        # raises Refused; a wrong try counts, whoever called

Only the last code for one purpose and one phone counts. A keyed digest of it is kept; it is good for ten real minutes,
whatever a demonstration's clock shows, and for five tries. Sending is braked by phone, by address and by account, so
that the portal is nobody's tool to ring up strangers. What a code is for besides (a link, an account) is `bound`.
"""

import secrets
import uuid
import zlib
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from kernel.core.errors import Refused
from kernel.core.fields import EncryptedTextField
from kernel.core.moment import real_now
from kernel.core.privacy import blind_index
from kernel.core.text_messages.sending import send
from kernel.core.text_messages.wording import Kind
from kernel.core.typed import digits

DIGITS = 6
MINUTES = 10
MOST_WRONG = 5
MOST_TRIED = 5  # names and numbers that may be tried with one code
BETWEEN = timedelta(minutes=1)  # from one code to the next for the same thing
GOOD_FOR = timedelta(minutes=30)  # how long a taken code lets somebody go on

# Codes within that time after which no further one is sent. An address may be a whole hall's, an account a firm's that
# has many founders sign.
BRAKES = {
    "phone_index": ((timedelta(hours=1), 10), (timedelta(days=1), 20)),
    "address": ((timedelta(hours=1), 60), (timedelta(days=1), 300)),
    "account": ((timedelta(hours=1), 60), (timedelta(days=1), 200)),
}


class TooSoon(Refused):
    sentence = _("A code was sent a moment ago. Wait a minute, then ask again.")


class TooMany(Refused):
    sentence = _(
        "So many codes were asked for that no more are sent for now. Wait an hour and try again, or come to the window."
    )


class WrongCode(Refused):
    sentence = _("This is not the code that was sent last. Check the message.")


class NoCode(Refused):
    sentence = _("This code is no longer valid. Ask for a new one below.")


class Purpose(models.TextChoices):
    REGISTER = "register", _("Registering")
    PHONE = "phone", _("Another phone")
    RECOVER = "recover", _("A forgotten password")
    SIGN = "sign", _("Signing")
    COUNTER = "counter", _("Being at the counter")


class OneTimeCode(models.Model):
    """A code that was sent. `phone` is kept to send it and to go on with it, for two days."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    phone = EncryptedTextField()
    phone_index = models.CharField(max_length=64)
    bound = models.CharField(max_length=64, blank=True, default="")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True)
    address = models.CharField(max_length=64, blank=True, default="")  # its digest
    digest = models.CharField(max_length=64)
    drawn_at = models.DateTimeField(db_index=True)
    until = models.DateTimeField()
    wrong = models.PositiveSmallIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)
    tried = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("one-time code")
        verbose_name_plural = _("one-time codes")
        indexes = [
            models.Index(fields=["phone_index", "-drawn_at"], name="code_of_phone"),
            models.Index(fields=["address", "-drawn_at"], name="code_of_address"),
        ]

    def __str__(self):
        return str(self.uid)


@transaction.atomic
def draw(
    purpose: Purpose,
    phone: str,
    *,
    bound: str = "",
    account=None,
    address: str = "",
    link: str = "",
) -> OneTimeCode:
    """Draw a code and have it sent to `phone`, once this transaction has committed; earlier ones for the same are void.

    `address` is where it was asked from, `link` the page that the text names. Raises TooSoon and TooMany.
    """
    at = real_now()
    code = "".join(secrets.choice("0123456789") for _place in range(DIGITS))
    row = OneTimeCode(
        purpose=purpose,
        phone=phone,
        phone_index=blind_index(phone),
        bound=_bound(bound),
        account=account,
        address=blind_index(f"address:{address}") if address else "",
        drawn_at=at,
        until=at + timedelta(minutes=MINUTES),
    )
    _one_at_a_time(row.phone_index)
    _brake(row, at)
    row.digest = _digest(row, code)
    row.save()
    words = {"code": code, "minutes": MINUTES} | ({"link": link} if link else {})
    send(Kind(purpose.value), phone, words, row.until)
    return row


def take(purpose: Purpose, phone: str, typed: str, *, bound: str = "") -> OneTimeCode:
    """The code that was sent last, if this is it; it is good once. Raises WrongCode and NoCode.

    Never within another transaction: one that is undone would undo the counting of a wrong try.
    """
    with transaction.atomic(durable=True):
        row = _last(purpose, phone, bound)
        if row is None or row.taken_at or row.wrong >= MOST_WRONG or row.until <= real_now():
            raise NoCode
        right = secrets.compare_digest(row.digest, _digest(row, typed))
        if right:
            row.taken_at = real_now()
        else:
            row.wrong += 1
        row.save(update_fields=["taken_at", "wrong"])
    if not right:
        raise WrongCode if row.wrong < MOST_WRONG else NoCode
    return row


def taken(purpose: Purpose, uid: str | None) -> OneTimeCode | None:
    """The code by which somebody proved a phone within the last half hour; None where there is none such."""
    rows = OneTimeCode.objects.filter(purpose=purpose, taken_at__gt=real_now() - GOOD_FOR)
    return rows.filter(uid=uid).first() if uid else None


def _last(purpose: Purpose, phone: str, bound: str) -> OneTimeCode | None:
    rows = OneTimeCode.objects.filter(
        purpose=purpose, phone_index=blind_index(phone), bound=_bound(bound)
    )
    if transaction.get_connection().in_atomic_block:
        rows = rows.select_for_update()
    return rows.order_by("-drawn_at", "-pk").first()


def _brake(row: OneTimeCode, at: datetime) -> None:
    same = OneTimeCode.objects.filter(
        purpose=row.purpose, phone_index=row.phone_index, bound=row.bound, taken_at=None
    )
    if same.filter(drawn_at__gt=at - BETWEEN).exists():
        raise TooSoon
    for field, limits in BRAKES.items():
        if value := getattr(row, field):
            sent = OneTimeCode.objects.filter(**{field: value})
            if any(sent.filter(drawn_at__gt=at - span).count() >= most for span, most in limits):
                raise TooMany


def _one_at_a_time(phone_index: str) -> None:
    """Two that ask for one phone at once are counted one after the other. SQLite lets one at a time write anyhow."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(phone_index.encode())])


def _bound(bound: str) -> str:
    return blind_index(f"bound:{bound}") if bound else ""


def _digest(row: OneTimeCode, code: str) -> str:
    return blind_index(f"{row.uid}:{row.bound}:{digits(code)}")


def count_try(row: OneTimeCode) -> bool:
    """Count something tried with a code that was taken, such as a name beside it; False once there were too many."""
    return bool(
        OneTimeCode.objects.filter(pk=row.pk, tried__lt=MOST_TRIED).update(
            tried=models.F("tried") + 1
        )
    )
