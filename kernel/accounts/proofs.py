"""How far somebody has shown who they are, and what needs how much of it.

An account is unproved, has proved its phone (a one-time code), or has proved its name as well (the real-name gateway,
or the window). Whatever hangs on who somebody is asks here, by its row in `NEEDS`. Who acts at the counter isn't logged
in: beside the name they show that they stand there (`kernel.accounts.presences`).
"""

from enum import IntEnum, StrEnum

from django.utils.translation import gettext_lazy as _

from kernel.core.errors import NotAllowed


class Proof(IntEnum):
    NONE = 0
    PHONE = 1
    NAME = 2
    PRESENCE = 3  # the name, and being there: no account has it by itself


class Right(StrEnum):
    OFFERS = "offers"  # seeing and refusing what was offered to one's phone
    SHARE = "share"  # letting others into a filing, taking up such an offer
    SUBMIT = "submit"  # filing in one's own name
    PRINCIPAL = "principal"  # counting as founder or legal representative, by the ID number
    LOG_IN_BY_NUMBER = "log_in_by_number"
    LOG_IN_BY_SITE = "log_in_by_site"  # being opened by whom the province's service site says it is
    WEBHOOK = "webhook"  # having a system of one's own told
    AT_COUNTER = "at_counter"  # signing and filing at the counter, without a log-in
    RECOVER = "recover"  # being given back to who has the number, with a code or at the window


NEEDS = {
    Right.OFFERS: Proof.PHONE,
    Right.SHARE: Proof.NAME,
    Right.SUBMIT: Proof.NAME,
    Right.PRINCIPAL: Proof.NAME,
    Right.LOG_IN_BY_NUMBER: Proof.NAME,
    Right.LOG_IN_BY_SITE: Proof.NAME,
    Right.WEBHOOK: Proof.NAME,
    Right.AT_COUNTER: Proof.PRESENCE,
    Right.RECOVER: Proof.NAME,
}

MISSING = {
    Proof.PHONE: _(
        "For this the portal must know that your mobile phone is yours: prove it on the page “Your account”."
    ),
    Proof.NAME: _(
        "For this the portal must know who you are: prove your name and ID number on the page “Your account”."
    ),
    Proof.PRESENCE: _(
        "For this the officer must know that you are here: by a code sent to your phone, or by your identity card."
    ),
}


class NotProved(NotAllowed):
    """Who asks hasn't shown enough of who they are; the sentence says where they can."""


def proof_of(user) -> Proof:
    if user.name_proved_at is not None:
        return Proof.NAME
    return Proof.PHONE if user.phone_proved_at is not None else Proof.NONE


def allows(user, right: Right, presence=None) -> bool:
    """A phone that has moved to somebody else is nobody's proof, whatever was proved beside it. `presence` is the row
    by which an officer knows that this person is at the counter."""
    if NEEDS[right] is Proof.PRESENCE:
        is_here = presence is not None and presence.shows(user)
        return is_here and proof_of(user) >= Proof.NAME
    if NEEDS[right] is Proof.PHONE:
        return user.phone_proved_at is not None
    return proof_of(user) >= NEEDS[right]


def require(user, right: Right, presence=None) -> None:
    """Raises NotProved."""
    if not allows(user, right, presence):
        raise NotProved(MISSING[NEEDS[right]])
