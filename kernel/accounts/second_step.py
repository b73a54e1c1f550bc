"""The second step of the log-in of staff, where the installation asks for it (`STAFF_MFA`).

The password alone opens nothing but the pages of the second step: `SecondStep` stands before every view.
"""

from collections.abc import Callable
from datetime import timedelta
from secrets import token_urlsafe

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy
from django_otp import login, verify_token
from django_otp_webauthn.models import WebAuthnCredential

from kernel.accounts.devices import (
    DIGITS,
    Authenticator,
    EnrolmentLink,
    RecoveryCodes,
    digest_of,
    new_codes,
    new_key,
)
from kernel.accounts.models import User
from kernel.accounts.requests import PersonRequest
from kernel.accounts.turns import one_at_a_time
from kernel.core import requested
from kernel.core.certain import certain
from kernel.core.errors import Refused
from kernel.core.privacy import blind_index
from kernel.core.typed import compact, digits

# Addresses that somebody who has only given the password may open; everything else leads to the second step.
OPEN = (
    "second-step",
    "second-step-set-up",
    "enrol",
    "passkey-making",
    "passkey-made",
    "passkey-using",
    "passkey-used",
    "logout",
    "set_language",
    "livez",
    "readyz",
    "sweepz",
    "metrics",
)


class SecondStep:
    """Sends staff who have only given their password to their second step."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: PersonRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: PersonRequest, view, args, kwargs) -> HttpResponse | None:
        if not owed(request.user) or certain(request.resolver_match).view_name in OPEN:
            return None
        if not request.accepts("text/html") or requested.by_script(request):
            return HttpResponse(status=403)
        asked = request.get_full_path() if request.method == "GET" else ""
        query = f"?{urlencode({'next': asked})}" if asked else ""
        return redirect(reverse("second-step") + query)


def asked_of(user) -> bool:
    """Whether this person needs a second step at all."""
    return settings.STAFF_MFA and user.is_authenticated and user.is_staff_member


def owed(user) -> bool:
    """Whether the second step is still to be done."""
    return asked_of(user) and not user.is_verified()


def authenticator(user) -> Authenticator | None:
    """The app that is in use."""
    return Authenticator.objects.filter(user=user, confirmed=True).first()


def passkeys(user) -> QuerySet:
    return WebAuthnCredential.objects.filter(user=user, confirmed=True).order_by("pk")


def is_enrolled(user) -> bool:
    """Whether the person has anything to make the second step with."""
    return authenticator(user) is not None or passkeys(user).exists()


def codes_left(user) -> int:
    codes = RecoveryCodes.objects.filter(user=user).first()
    return len(codes.digests) if codes else 0


def wait(user) -> int:
    """Seconds until another code may be tried; 0 when at once."""
    devices = [*Authenticator.objects.filter(user=user), *RecoveryCodes.objects.filter(user=user)]
    verdicts = [device.verify_is_allowed() for device in devices]
    locked = [refused["locked_until"] for allowed, refused in verdicts if not allowed]
    return max((int((until - timezone.now()).total_seconds()) + 1 for until in locked), default=0)


def check(request: PersonRequest, code: str) -> bool:
    """Verify a code of the app, or a recovery code; on success the session has made its second step."""
    given = compact(code)
    of_app = len(digits(given)) == DIGITS and digits(given).isdecimal()
    model = Authenticator if of_app else RecoveryCodes
    device = model.objects.filter(user=request.user, confirmed=True).first()
    verified = device and verify_token(request.user, device.persistent_id, given)
    if not verified:
        return False
    passed(request, verified)
    return True


def being_set_up(user: User) -> Authenticator:
    """The app whose first code is awaited; the same one until it has come, so that a reload shows the same QR code."""
    authenticator, _created = Authenticator.objects.get_or_create(
        user=user, confirmed=False, defaults={"key": new_key()}
    )
    return authenticator


def set_up(request: PersonRequest, code: str) -> list[str]:
    """Take the new app into use with its first code, in place of an older one; gives new recovery codes, or none."""
    with transaction.atomic():
        device = verify_token(
            request.user, being_set_up(request.user).persistent_id, "".join(code.split())
        )
        if device is None:
            return []
        Authenticator.objects.filter(user=request.user, confirmed=True).delete()
        device.confirmed, device.set_up_at = True, timezone.now()
        device.save()
        codes = renew_codes(request.user)
    taken_into_use(request, device)
    return codes


def taken_into_use(request: PersonRequest, device) -> None:
    """A device more; with the first one the enrolment is over."""
    EnrolmentLink.objects.filter(user=request.user).delete()
    passed(request, device)


def renew_codes(user: User) -> list[str]:
    """New recovery codes; the old ones are void. They are shown now and never again."""
    codes = new_codes()
    RecoveryCodes.objects.update_or_create(
        user=user, defaults={"digests": [digest_of(code) for code in codes]}
    )
    return codes


@transaction.atomic
def remove_passkey(user: User, pk: int) -> bool:
    """Take a passkey out of use; gives False where it is the last device. Of two at once the second sees the first."""
    one_at_a_time(user.pk)
    others = passkeys(user).exclude(pk=pk)
    if authenticator(user) is None and not others.exists():
        return False
    passkeys(user).filter(pk=pk).delete()
    return True


def forget(user: User) -> None:
    """The person lost phone and codes: the next log-in sets the second step up anew."""
    for devices in (Authenticator, RecoveryCodes, WebAuthnCredential, EnrolmentLink):
        devices.objects.filter(user=user).delete()


def passed(request: PersonRequest, device) -> None:
    """The session has made its second step, with this device."""
    request.session.cycle_key()
    login(request, device)
    confirmed(request)


# The first device -----------------------------------------------------------------------------------------------------

LASTS = timedelta(days=3)
ENROLLING = "enrolment"  # in the session: the digest of the link that was opened


def enrolment_link(user: User, by: User | None = None) -> str:
    """A path that lets the person choose a password, unless they have one, and set up their first device, for three
    days and once; a link of before is void."""
    token = token_urlsafe(24)
    made = {
        "digest": _digest(token),
        "made_at": timezone.now(),
        "made_by": by,
        "sets_password": not user.has_usable_password(),
    }
    EnrolmentLink.objects.update_or_create(user=user, defaults=made)
    return reverse("enrol", args=[token])


def opened_link(token: str) -> EnrolmentLink | None:
    """The link while it is good."""
    rows = EnrolmentLink.objects.select_related("user")
    return rows.filter(digest=_digest(token), made_at__gt=timezone.now() - LASTS).first()


def link_of(user: User) -> EnrolmentLink | None:
    """The person's link under a lock, while it is good: of two who use it at once one does."""
    rows = EnrolmentLink.objects.select_for_update(of=("self",))
    return rows.filter(user=user, made_at__gt=timezone.now() - LASTS).first()


def enrol(request: PersonRequest, token: str) -> bool:
    """Whether the link is this person's and still good; then the session may set up the first device."""
    request.session[ENROLLING] = _digest(token)
    return _enrolling(request)


def _enrolling(request) -> bool:
    digest = request.session.get(ENROLLING)
    return (
        bool(digest)
        and EnrolmentLink.objects.filter(
            user=request.user, digest=digest, made_at__gt=timezone.now() - LASTS
        ).exists()
    )


def _digest(token: str) -> str:
    return blind_index(f"enrolment:{token}")


def may_set_up(request) -> bool:
    """The first device by the administrator's link, another one with a fresh second step."""
    if not asked_of(request.user):
        return False
    if is_enrolled(request.user):
        return request.user.is_verified() and is_fresh(request)
    return _enrolling(request)


# Once more, before what a session left open must not do --------------------------------------------------------------

FRESH = timedelta(minutes=5)
CONFIRMED = "second_step_at"  # in the session: when password and code were given last, in seconds since 1970


class NotFresh(Refused):
    sentence = gettext_lazy(
        "An approval asks for a fresh second step here. Confirm it on the page “Your account”, in another tab, then "
        "press again within five minutes; what you typed is kept."
    )


FOR_TWO = gettext_lazy(
    "What only two persons do asks each of them for a fresh second step. Confirm it on the page “Your account”, in "
    "another tab, then press again within five minutes; what you typed is kept."
)


def confirmed(request: PersonRequest) -> None:
    """Password and code were given, just now."""
    request.session[CONFIRMED] = timezone.now().timestamp()


def is_fresh(request) -> bool:
    """Whether the person gave password and code within the last minutes; always where none is asked of them."""
    since = timezone.now().timestamp() - request.session.get(CONFIRMED, 0)
    return not asked_of(request.user) or since < FRESH.total_seconds()


def require_fresh(request, zone) -> None:
    """Where the zone asks for it before an approval. Raises NotFresh."""
    if zone.setting("approval_second_step") and not is_fresh(request):
        raise NotFresh


def require_fresh_for_two(request) -> None:
    """Before one asks for what only two persons do, and before the other decides. Raises NotFresh."""
    if not is_fresh(request):
        raise NotFresh(FOR_TWO)
