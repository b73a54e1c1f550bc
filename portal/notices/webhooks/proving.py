"""Whose a webhook is: its holder gets a secret, its receiver gives a challenge back with the signature that only the
secret makes. The only writers of webhooks, but for what their receivers do (`reached`)."""

import secrets
import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel.accounts import proofs, tries
from kernel.accounts.account_events import AccountEvent, record
from kernel.accounts.models import User
from kernel.accounts.proofs import Right
from kernel.core.errors import NotAllowed, Refused
from kernel.core.external_systems import within
from kernel.core.guarded_http import Answer, Inside
from kernel.core.moment import now, real_now
from portal.notices.models import Webhook
from portal.notices.webhooks import kinds, signing
from portal.notices.webhooks.receivers import carrier

HOUR = 3600  # seconds
MOST = 10  # secrets, and challenges, for one account in an hour
PATIENCE = 5.0  # seconds for which somebody at the page waits for the receiver


class TooOften(Refused):
    sentence = _("That was many times within an hour. Try again in an hour.")


class NoneAsked(Refused):
    sentence = _("No address waits to be proved. Enter it first.")


class NotReached(Refused):
    sentence = _(
        "Nobody answers at the address, or not by HTTPS with a certificate of its name. Look whether your receiver "
        "runs, then prove it again."
    )


class TooSlow(Refused):
    sentence = _(
        "Your receiver did not answer within 4 seconds. Let it answer first and work afterwards, then prove it again."
    )


class LedInside(Refused):
    sentence = _(
        "The address leads into a network that isn't the open internet, where the portal posts nothing. Name a host "
        "that everybody can reach."
    )


class LedOn(Refused):
    sentence = _(
        "Your receiver leads on to another address (a redirect), which the portal doesn't follow. Enter the address "
        "that it leads to."
    )


class WrongEcho(Refused):
    sentence = _(
        "Your receiver answered, but did not give the challenge back with the right signature. Look whether it has "
        "this secret, and no other one."
    )


def ask(account: User, address: str) -> str:
    """Have this address proved with a new secret, which is returned, to be shown this once; what is in use stays so
    until then. Raises NotAllowed, NotProved, TooOften."""
    _require(account)
    _count(account, "ask")
    secret = signing.new_secret()
    asked = {"asked": address, "asked_secret": secret, "asked_at": now()}
    first = {**asked, "account": account, "kinds": list(kinds.GROUPS)}
    Webhook.objects.update_or_create(account=account, defaults=asked, create_defaults=first)
    return secret


def prove(account: User) -> None:
    """Put what was asked for into use, or again what was switched off, if its receiver gives a challenge back, signed.
    Never within a transaction: a stranger is waited for. Raises NoneAsked, and the refusal that says what is wrong with
    the receiver."""
    _require(account)
    address, secret = _waiting(Webhook.objects.filter(account=account).first())
    _count(account, "prove")
    _challenge(account, address, secret)
    with transaction.atomic():
        row = Webhook.objects.select_for_update().filter(account=account).first()
        if row is None or _waiting(row) != (address, secret):
            raise NoneAsked  # another one was asked for meanwhile
        row.address, row.secret, row.proved_at = address, secret, now()
        row.asked, row.asked_secret, row.asked_at = "", "", None
        row.away_since = row.off_at = None
        row.save()
        record(account, AccountEvent.Kind.WEBHOOK)


def choose(account: User, chosen: list[str]) -> None:
    """Which groups of notices go there. Raises NoneAsked for whoever has no webhook (any more)."""
    if not Webhook.objects.filter(account=account).update(kinds=chosen):
        raise NoneAsked


def take_away(account: User) -> None:
    """Nothing is posted there any more, and the secret is gone."""
    with transaction.atomic():
        gone, _rows = Webhook.objects.filter(account=account).delete()
        if gone:
            record(account, AccountEvent.Kind.WEBHOOK_GONE)


def _waiting(hook: Webhook | None) -> tuple[str, str]:
    """Address and secret that are to be proved. Raises NoneAsked."""
    if hook and hook.asked_at:
        return hook.asked, hook.asked_secret
    if hook and hook.off_at:
        return hook.address, hook.secret
    raise NoneAsked


def _require(account: User) -> None:
    if account.is_staff_member:
        raise NotAllowed
    proofs.require(account, Right.WEBHOOK)


def _count(account: User, what: str) -> None:
    (counted,) = tries.count((f"webhook:{what}:{account.pk}", HOUR))
    if counted.count > MOST:
        raise TooOften


def _challenge(account: User, address: str, secret: str) -> None:
    challenge = secrets.token_urlsafe(24)
    content = {"type": "challenge", "data": {"challenge": challenge}}
    signed = signing.signed(secret, str(uuid.uuid4()), content, real_now())
    post = carrier().post
    system = f"webhook-proof:{account.pk}"
    try:
        answer: Answer = within(PATIENCE, system, post, address, signed.body, signed.headers)
    except Inside:
        raise LedInside from None
    except TimeoutError:
        raise TooSlow from None
    except Exception as error:  # whatever a stranger's receiver makes of it
        raise NotReached from error
    if 300 <= answer.status < 400:
        raise LedOn
    if answer.status != 200 or not signing.is_echo(secret, challenge, answer.body):
        raise WrongEcho
