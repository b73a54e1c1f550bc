"""Who the visitor is: the real-name gateway is asked for name and number, then a code or the look at the card shows it.

Nobody has two accounts: by the ID number the one is found that has proved to be this person, on whatever phone.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel.accounts import actions as accounts
from kernel.accounts import one_time_codes, presences, real_names
from kernel.accounts.models import Presence, User
from kernel.accounts.one_time_codes import OneTimeCode, Purpose
from kernel.accounts.proofs import Right, allows
from kernel.accounts.real_names import Answer
from kernel.core.errors import Incomplete, Refused
from kernel.core.privacy import blind_index
from kernel.form.uploads import keeping

How = Presence.How
NO_MATCH = _(
    "Name and ID number don't belong together, as the service that checks names says. Compare them with the card."
)
NO_MATCH_PHONE = _(
    "Name, ID number and phone don't belong together, as the service that checks names says. Compare them with the "
    "card; if the phone isn't the visitor's own, look at the card instead."
)
AWAY = _(
    "The service that checks names can't be reached at the moment. Nothing was decided; try again in a few minutes."
)
OTHER_PHONE = _(
    "This isn't the phone that the visitor's account has proved. Send the code to that one, or look at the card."
)
NO_PHONE_YET = _(
    "The visitor has an account without a phone. Look at the card; a phone is added at “Accounts at the window”."
)
SHUT = _("The account of this person is shut. Ask the administration.")


def by_card(*, real_name: str, id_number: str, picture, by: User) -> Presence:
    """The officer has looked at the card; `picture` is its checked file. Raises Refused."""
    _require_match(real_names.judge(real_name, id_number), NO_MATCH)
    with keeping(), transaction.atomic():
        account = _account(real_name, id_number)
        return presences.come(account=account, by=by, how=How.CARD, picture=picture)


def send_code(*, real_name: str, id_number: str, phone: str, by: User, address: str) -> OneTimeCode:
    """Have a code sent to the visitor's phone. Raises Refused; Incomplete, with the field, for another phone than that
    of the visitor's account."""
    _require_match(real_names.judge(real_name, id_number, phone), NO_MATCH_PHONE)
    account = _account(real_name, id_number)
    has_phone = allows(account, Right.OFFERS)
    if has_phone and account.phone_index != blind_index(phone):
        raise Incomplete(OTHER_PHONE, [(OTHER_PHONE, ("phone",))])
    if not has_phone and _is_in_use(account):
        raise Incomplete(NO_PHONE_YET, [(NO_PHONE_YET, ("phone",))])
    return one_time_codes.draw(
        Purpose.COUNTER, phone, bound=bound(account.pk, by), account=by, address=address
    )


def by_code(*, account: User, row: OneTimeCode, by: User) -> Presence:
    """The visitor has said the code that `row` was sent as, and it was taken. A new account has this phone from now on.
    Raises Refused."""
    if not allows(account, Right.OFFERS):
        accounts.prove_phone(account=account, phone=row.phone, by=by)
    return presences.come(account=account, by=by, how=How.CODE)


def account_of(real_name: str, id_number: str) -> User:
    return _account(real_name, id_number)


def bound(account_id: int, by: User) -> str:
    """What a code is for: this visitor, in front of this officer."""
    return f"counter:{account_id}:{by.pk}"


def _account(real_name: str, id_number: str) -> User:
    try:
        return accounts.open_at_counter(real_name=real_name, id_number=id_number)
    except accounts.PersonTaken as taken:
        raise Refused(SHUT) from taken


def _is_in_use(account: User) -> bool:
    """Whether its holder has been here, or begun anything: then whoever has a phone beside its number isn't enough."""
    return account.presences.exists() or account.applications.exists()


def _require_match(answer: Answer, otherwise) -> None:
    if answer is not Answer.MATCH:
        raise Refused(AWAY if answer is Answer.UNAVAILABLE else otherwise)
