"""Asking for a case by its filing number and check code. Guesses are counted for each case: those of one address, and
those of all; whoever is wrong about other cases stops nobody."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kernel.accounts import tries
from kernel.accounts.addresses import address_of
from kernel.cases.models import Application
from kernel.core.errors import Refused
from kernel.core.typed import filing_number
from portal.pages.queries import case_by_number

# How many may be wrong within so many seconds; a code is one of 887 million.
FROM_ONE_ADDRESS, FROM_ANYWHERE = (5, 10 * 60), (60, 60 * 60)


class TooManyGuesses(Refused):
    sentence = _(
        "Too many wrong check codes were given for this case. Wait an hour and try again, log in to see it, or ask at "
        "the window."
    )


def case_asked_for(request: HttpRequest, number: str, code: str) -> Application | None:
    """The case, or None where either half is wrong. Raises TooManyGuesses, whether there is such a case or not."""
    case = f"check-code:{filing_number(number)}"
    here, address = f"{case}:{address_of(request)}", FROM_ONE_ADDRESS
    counted = tries.count((here, address[1]), (case, FROM_ANYWHERE[1]))
    limits = (address[0], FROM_ANYWHERE[0])
    if any(now.count > most for now, most in zip(counted, limits, strict=True)):
        raise TooManyGuesses
    asked = case_by_number(number, code)
    if asked:
        tries.take_back([here, case], 1)
    return asked
