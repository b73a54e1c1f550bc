"""What no password may be: one that everybody tries first, or one that is known with its owner."""

from functools import cache
from pathlib import Path

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kernel.core.typed import compact

KNOWN = Path(__file__).with_name("data") / "known_passwords.txt"
SHORTEST_NAME, SHORTEST_IN_LATIN = 2, 4  # characters of a name that may not stand within
LAST_OF_PHONE = 8  # digits
BIRTHDAY = slice(6, 14)  # of an ID number: year, month, day


class KnownPasswords(CommonPasswordValidator):
    """Django's list of 20,000 and ours, however a password is written large or small."""

    def __init__(self) -> None:
        super().__init__()
        self.passwords = self.passwords | _ours()


@cache
def _ours() -> frozenset[str]:
    lines = KNOWN.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


class OwnData:
    """Phone, ID number, birthday, user name and name are what others know, or find out."""

    def validate(self, password: str, user=None) -> None:
        typed = compact(password)
        if user is not None and any(part in typed for part in _own(user)):
            raise ValidationError(self.get_help_text(), code="own_data")

    def get_help_text(self) -> str:
        return _(
            "Choose one without your phone, ID number, birthday or name: whoever knows you tries those first."
        )


def _own(user) -> list[str]:
    """As `compact` writes them."""
    phone, number = compact(user.phone), compact(user.id_number)
    names = [compact(name) for name in (user.real_name, user.username)]
    parts = [phone[-LAST_OF_PHONE:], number[BIRTHDAY], number[BIRTHDAY.start :]]
    return [part for part in parts if len(part) >= LAST_OF_PHONE] + [
        name
        for name in names
        if len(name) >= (SHORTEST_IN_LATIN if name.isascii() else SHORTEST_NAME)
    ]
