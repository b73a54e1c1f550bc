"""What people prove their second step with: an app that makes codes, and recovery codes for the day the phone is gone.

django-otp's own devices would keep the app's secret and the recovery codes as they are; here the secret is encrypted
like personal data, and of a recovery code only a keyed digest is kept. Throttling is django-otp's: after each wrong
code in a row the wait doubles.
"""

import secrets
import time
import uuid
from base64 import b32encode
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, ThrottlingMixin
from django_otp.oath import TOTP

from kernel.core.fields import EncryptedTextField
from kernel.core.privacy import blind_index
from kernel.core.typed import digits

STEP = 30  # seconds that a code is shown, as every such app has it
DIGITS = 6
TOLERANCE = 1  # steps that a phone's clock may be off
KEY_BYTES = 20
RECOVERY_CODES = 10
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without what is easily misread
CODE_LENGTH = 10


class Authenticator(ThrottlingMixin, Device):
    """An app on a phone (RFC 6238). Each code is taken once: `last_step` is the time step of the last one taken."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = EncryptedTextField(default="", editable=False)
    last_step = models.BigIntegerField(default=-1)
    set_up_at = models.DateTimeField(_("in use since"), null=True)

    class Meta:
        verbose_name = _("authenticator app")
        verbose_name_plural = _("authenticator apps")
        constraints = [
            models.UniqueConstraint(fields=["user", "confirmed"], name="one_authenticator_in_use")
        ]

    def get_throttle_factor(self) -> float:
        return 1

    def verify_token(self, token: str) -> bool:
        """Whether this is a code of now that wasn't used before; django-otp calls it with the row locked."""
        if not self.verify_is_allowed()[0]:
            return False
        totp = TOTP(bytes.fromhex(self.key), STEP, 0, DIGITS)
        totp.time = time.time()  # the clock of the phone, never a simulated one
        given = digits(token)
        if (
            given.isdecimal()
            and len(given) == DIGITS
            and totp.verify(int(given), TOLERANCE, self.last_step + 1)
        ):
            self.last_step = totp.t()
            self.throttle_reset()
            return True
        self.throttle_increment()
        return False

    def address(self, issuer: str) -> str:
        """What the QR code says (Key URI format)."""
        label = quote(f"{issuer}:{self.user.get_username()}")
        told = {
            "secret": self.secret,
            "issuer": issuer,
            "algorithm": "SHA1",
            "digits": DIGITS,
            "period": STEP,
        }
        return f"otpauth://totp/{label}?{urlencode(told, quote_via=quote)}"

    @property
    def secret(self) -> str:
        """The key as apps take it when it is typed in."""
        return b32encode(bytes.fromhex(self.key)).decode()


class RecoveryCodes(ThrottlingMixin, Device):
    """The codes that are left, as keyed digests; each is good once."""

    digests = models.JSONField(default=list)

    class Meta:
        verbose_name = _("recovery codes")
        verbose_name_plural = _("recovery codes")
        constraints = [models.UniqueConstraint(fields=["user"], name="one_set_of_recovery_codes")]

    def get_throttle_factor(self) -> float:
        return 1

    def verify_token(self, token: str) -> bool:
        if not self.verify_is_allowed()[0]:
            return False
        given = digest_of(token)
        if given in self.digests:
            self.digests.remove(given)
            self.throttle_reset()
            return True
        self.throttle_increment()
        return False


class EnrolmentLink(models.Model):
    """Leads somebody to setting up their first device; a password alone must not. Of the link a digest is kept. Where
    there is no password yet, its holder may choose one before (`sets_password`). `made_by` is empty for the host."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    sets_password = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = _("enrolment link")
        verbose_name_plural = _("enrolment links")

    def __str__(self):
        return str(self.user)


def new_key() -> str:
    return secrets.token_hex(KEY_BYTES)


def new_codes() -> list[str]:
    """Codes to be shown once: 50 random bits each."""
    made = (
        "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))
        for _code in range(RECOVERY_CODES)
    )
    return [f"{code[:5]}-{code[5:]}" for code in made]


def digest_of(code: str) -> str:
    return blind_index("recovery:" + "".join(letter for letter in code.upper() if letter.isalnum()))
