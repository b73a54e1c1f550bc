"""Brakes on guessing passwords: for an account at an address, for an account whatever the address, and for an address
whatever the account. A try counts before its password is looked at; a right one is taken back."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kernel.accounts import tries
from kernel.accounts.actions import tell_guessed
from kernel.accounts.addresses import address_of
from kernel.accounts.log_in_names import counted_as
from kernel.accounts.models import User
from kernel.core.errors import Refused

REMEMBERED = 90 * 24 * 60 * 60  # seconds for which the holder may still be told of failed tries
MOST_PRESENT = 5  # wrong present passwords of whoever has a session in hand


class TooManyTries(Refused):
    sentence = _("There were too many wrong passwords. Wait a quarter of an hour and try again.")


@dataclass(frozen=True)
class Try:
    """A password that is about to be looked at."""

    account: User | None
    pair: str
    of_account: str
    of_address: str
    in_pair: int  # tries that this is the last of
    in_account: int

    def was_right(self) -> None:
        """Forgives the wrong tries before it, at this address alone: whoever has an account of their own could
        otherwise guess at others' for ever."""
        keys = [self.of_account, self.of_address, *_failed(self.account)]
        tries.take_back(keys, self.in_pair)
        tries.forget(self.pair)
        tries.count((_known(self.pair), REMEMBERED))

    def was_wrong(self) -> None:
        """The holder is told when the log-in pauses."""
        most = settings.LOG_IN_TRIES
        reached = self.in_pair == most["pair"] or self.in_account == most["account"]
        if self.account and reached:
            tell_guessed(account=self.account)


def begin(request: HttpRequest | None, typed: str, account: User | None) -> Try:
    """Count a try to log in as `account`, or as what was typed where that is nobody's.

    Raises PermissionDenied, and marks the request (`paused_for`), where there were too many.
    """
    name, address = counted_as(typed, account), address_of(request) if request else ""
    pair, of_account, of_address = (
        f"log-in:pair:{name}:{address}",
        f"log-in:account:{name}",
        f"log-in:address:{address}",
    )
    keys = [(key, settings.LOG_IN_PAUSE) for key in (pair, of_account, of_address)]
    keys += [(key, REMEMBERED) for key in _failed(account)]
    counted = dict(zip(("pair", "account", "address"), tries.count(*keys), strict=False))
    over = {kind: now for kind, now in counted.items() if now.count > settings.LOG_IN_TRIES[kind]}
    if over and not (over.keys() == {"account"} and tries.counted(_known(pair))):
        if request:
            request.paused_for = max(now.wait for now in over.values())  # type: ignore[attr-defined]  # seconds
        raise PermissionDenied
    return Try(
        account, pair, of_account, of_address, counted["pair"].count, counted["account"].count
    )


def failed_before(account: User) -> int:
    """How many tries to log in as the account failed since its holder was told last, but for those that the right one
    has just forgiven; one refused before its password was looked at is among them."""
    return tries.forget(*_failed(account))


def is_password(account: User, typed: str) -> bool:
    """Whether it is the account's present password: asked of whoever has a session in hand. Raises TooManyTries."""
    key = f"present:{account.pk}"
    (now,) = tries.count((key, settings.LOG_IN_PAUSE))
    if now.count > MOST_PRESENT:
        raise TooManyTries
    if right := account.check_password(typed):
        tries.forget(key)
    return right


def _known(pair: str) -> str:
    """From where the holder has logged in lately: guesses from elsewhere don't lock them out there."""
    return f"known:{pair}"


def _failed(account: User | None) -> list[str]:
    return [f"log-in:failed:{account.pk}"] if account else []
