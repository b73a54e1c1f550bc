"""What changes accounts. Each verb leaves an `AccountEvent`; what somebody must have shown for it, the pages have
asked."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel.accounts.account_events import AccountEvent, record
from kernel.accounts.models import AccountSession, Role, User
from kernel.accounts.proofs import Right, allows
from kernel.accounts.turns import one_at_a_time
from kernel.core.errors import Refused, is_taken
from kernel.core.moment import now, real_now
from kernel.core.privacy import blind_index
from kernel.core.text_messages.sending import send
from kernel.core.text_messages.wording import Kind as Text

Kind = AccountEvent.Kind
A_DAY = timedelta(days=1)
TELL_WITHIN = timedelta(hours=12)  # how late a phone is still told that its account was changed


class PersonTaken(Refused):
    """Another account has proved to be this person."""


class PhoneMoved(Refused):
    sentence = _(
        "This phone was proved by another account at the same moment. Ask for a new code and try again."
    )


@contextmanager
def one_account_a_person() -> Iterator[None]:
    """The database decides. Raises PersonTaken and PhoneMoved; the transaction within is undone."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "one_account_a_person" in str(error) or is_taken(error, User, "id_index"):
            raise PersonTaken from error
        if is_taken(error, User, "phone_index"):
            raise PhoneMoved from error
        raise


def register_applicant(
    *,
    real_name: str,
    phone: str,
    id_number: str,
    password: str | None,
    email: str = "",
    name_is_proved: bool = True,
) -> User:
    """Open the account of somebody who has proved the phone, and the name with it unless the gateway was away. They log
    in with either number; the user name is opaque. Another account that had the phone loses the phone alone.

    Raises PersonTaken, PhoneMoved.
    """
    uid = uuid.uuid4()
    user = User(
        uid=uid,
        username=f"p-{uid.hex}",
        real_name=real_name,
        id_number=id_number,
        email=email,
        roles=(Role.APPLICANT,),
    )
    user.set_password(password)
    with one_account_a_person():
        _take_phone_away(phone)
        user.phone, user.phone_proved_at = phone, now()
        user.name_proved_at = now() if name_is_proved else None
        user.save()
        record(user, Kind.REGISTERED)
    return user


def open_by_site(*, real_name: str, id_number: str) -> User:
    """The account of somebody of whom the province's service site says who they are: a new one without phone and
    password, unless there is one already that has proved to be this person. Raises PersonTaken where that one may not
    be opened (it was set inactive, or isn't an applicant's)."""
    try:
        account = _proved_to_be(id_number) or _registered_by_name(real_name, id_number)
    except PersonTaken:
        if not (opened := _proved_to_be(id_number)):  # in another browser, in this very moment
            raise
        account = opened
    with transaction.atomic():
        one_at_a_time(account.pk)
        if not account.account_events.filter(kind=Kind.SITE).exists():
            record(account, Kind.SITE)
    return account


def open_at_counter(*, real_name: str, id_number: str) -> User:
    """The account of a visitor of whom the real-name gateway says that name and number belong together: the one that
    has proved to be this person, else a new one without phone and password, which nobody can log in to until its
    holder has proved a phone. Raises PersonTaken where that one is shut."""
    return _proved_to_be(id_number) or _registered_by_name(real_name, id_number)


def _registered_by_name(real_name: str, id_number: str) -> User:
    with one_account_a_person():
        uid = uuid.uuid4()
        user = User(uid=uid, username=f"p-{uid.hex}", real_name=real_name, id_number=id_number)
        user.name_proved_at = now()
        user.set_password(None)
        user.save()
        record(user, Kind.REGISTERED)
    return user


def _proved_to_be(id_number: str) -> User | None:
    """The open account of an applicant that has proved this number."""
    accounts = User.objects.filter(id_index=blind_index(id_number), is_active=True)
    proved = (
        account
        for account in accounts.holding(Role.APPLICANT)
        if allows(account, Right.LOG_IN_BY_SITE)
    )
    return next(proved, None)


def prove_phone(*, account: User, phone: str, by: User | None = None) -> None:
    """The phone is this account's from now on; its code was taken. An account that had it before is told nothing more
    than that at its next log-in, and loses the phone alone. Raises PhoneMoved."""
    before = account.phone if account.phone_proved_at else ""
    with one_account_a_person():
        _take_phone_away(phone, but=account)
        account.phone, account.phone_proved_at = phone, now()
        account.save(update_fields=["phone", "phone_index", "phone_proved_at"])
        record(account, Kind.WINDOW_PHONE if by else Kind.PHONE_PROVED, by)
        if before and before != phone:
            _tell(before)


def prove_name(*, account: User, real_name: str, id_number: str) -> None:
    """The gateway has said that the two belong together. Raises PersonTaken."""
    with one_account_a_person():
        account.real_name, account.id_number = real_name, id_number
        account.name_proved_at = now()
        account.save(update_fields=["real_name", "id_number", "id_index", "name_proved_at"])
        record(account, Kind.NAME_PROVED)


@transaction.atomic
def change_name(*, account: User, real_name: str, by: User) -> None:
    """At the window, to the name that the gateway knows for the account's own number now."""
    account.real_name, account.name_proved_at = real_name, now()
    account.save(update_fields=["real_name", "name_proved_at"])
    record(account, Kind.WINDOW_NAME, by)


@transaction.atomic
def change_password(*, account: User, password: str, but: str | None = None) -> None:
    """Ends every session but that with the key `but`, and tells the phone."""
    _set_password(account, password)
    _end(account, but)
    record(account, Kind.PASSWORD)
    _tell(account.phone)


@transaction.atomic
def recover(*, account: User, password: str) -> None:
    """Code, name and number were right: a new password, and whoever is logged in isn't any more."""
    _set_password(account, password)
    _end(account)
    record(account, Kind.RECOVERED)
    _tell(account.phone)


def give_back(*, account: User, phone: str, by: User) -> None:
    """At the window, to its holder, who stands there with the card and has said the code of their phone: no password
    and no session of before opens it any more. Raises PhoneMoved."""
    with transaction.atomic():
        prove_phone(account=account, phone=phone, by=by)
        _set_password(account, None)
        _end(account)


@transaction.atomic
def tell_guessed(*, account: User) -> None:
    """So many wrong passwords were typed that the log-in pauses: the account keeps it, and its phone is told, once a
    day however long it goes on."""
    one_at_a_time(account.pk)
    told = AccountEvent.objects.filter(account=account, kind=Kind.GUESSED, at__gt=now() - A_DAY)
    if not told.exists():
        record(account, Kind.GUESSED)
        _tell(account.phone if account.phone_proved_at else "", Text.GUESSED)


@transaction.atomic
def end_sessions(*, account: User, keys: list[str]) -> int:
    """These sessions of the account, by their keys; returns how many there were."""
    mine = AccountSession.objects.filter(account_id=account.pk, session_key__in=keys)
    count = mine.delete()[0]
    if count:
        record(account, Kind.SESSIONS)
    return count


@transaction.atomic
def changed_by_administration(
    *, account: User, kind: AccountEvent.Kind, by: User, but: str | None = None
) -> None:
    """Something that opens the account, or what it may do, is another now: whoever is logged in with it isn't any more
    (but for the session with the key `but`), and its holder is told what was done and by whom."""
    _end(account, but)
    record(account, kind, by)


@transaction.atomic
def set_by_link(*, account: User, password: str, by: User | None) -> None:
    """A password that the holder of a link chose; `by` gave the link. Whoever is logged in isn't any more."""
    _set_password(account, password)
    _end(account)
    record(account, Kind.BY_LINK, by)
    _tell(account.phone)


@transaction.atomic
def close_account(*, account: User) -> None:
    """For good. What was filed, and the name and number in it, stays where the law keeps it; phone, e-mail and password
    go, and the person may register anew."""
    account.is_active, account.phone, account.email = False, "", ""
    account.phone_proved_at = account.name_proved_at = None
    _set_password(account, None)
    account.save(
        update_fields=[
            "is_active",
            "phone",
            "phone_index",
            "email",
            "phone_proved_at",
            "name_proved_at",
        ]
    )
    account.unsent.all().delete()
    _end(account)
    record(account, Kind.CLOSED)


def _take_phone_away(phone: str, but: User | None = None) -> None:
    """Numbers are given to others by their networks: whoever proves one has it."""
    others = User.objects.select_for_update().filter(phone_index=blind_index(phone))
    for other in others.exclude(pk=but.pk if but else None):
        other.phone, other.phone_proved_at = "", None
        other.save(update_fields=["phone", "phone_index", "phone_proved_at"])
        record(other, Kind.PHONE_GONE)


def _set_password(account: User, password: str | None) -> None:
    account.set_password(password)  # None: no password opens it
    account.save(update_fields=["password"])


def _end(account: User, but: str | None = None) -> None:
    AccountSession.objects.filter(account_id=account.pk).exclude(session_key=but).delete()


def _tell(phone: str, text: Text = Text.CHANGED) -> None:
    if phone:
        send(text, phone, {}, real_now() + TELL_WITHIN)
