"""The province's service site as a demonstration plays it: its page is `/sandbox/site/`, where one chooses who one is
and what the site answers. Its tokens are signed and judged like real ones, and those that must not count don't.
"""

import secrets
from enum import StrEnum

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.core.cache import cache
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from kernel.accounts.service_site import SYSTEM, Asked, NotTaken, Person, Token
from kernel.core import sandbox
from kernel.core.moment import real_now
from kernel.core.ui.links import link

ISSUER, CLIENT, KID = "https://service-site.sandbox.invalid", "portal", "sandbox"
LASTS = 60  # seconds for which a code counts
HOUR = 60 * 60
SURE, UNSURE = "real-name", "password"  # how the person has shown there who they are


class Answer(StrEnum):
    YES = "yes"
    REFUSED = "refused"
    UNSURE = "unsure"
    LATE = "late"
    FOR_ANOTHER = "for_another"
    FORGED = "forged"


class Sandbox:
    """Slow or away as `/sandbox/` says."""

    offered = True

    def __init__(self):
        self._key = ECKey.generate_key("P-256", {"use": "sig", "kid": KID})
        self._strange = ECKey.generate_key("P-256", {"use": "sig", "kid": KID})

    def way_in(self, asked: Asked) -> str:
        sandbox.behave(SYSTEM)
        return prepare_grant_uri(
            link("sandbox_site"),
            CLIENT,
            "code",
            asked.back,
            "openid",
            asked.state,
            nonce=asked.nonce,
            code_challenge=create_s256_code_challenge(asked.verifier),
            code_challenge_method="S256",
        )

    def redeem(self, code: str, asked: Asked) -> Token:
        """A code counts once, for who began with the same secret and comes back to the same address."""
        sandbox.behave(SYSTEM)
        place = _place(code)
        given = cache.get(place)
        cache.delete(place)
        challenge = create_s256_code_challenge(asked.verifier)
        if given is None or (given["challenge"], given["back"]) != (challenge, asked.back):
            raise NotTaken
        key = self._strange if given["answer"] == Answer.FORGED else self._key
        signed = jwt.encode({"alg": "ES256", "kid": KID}, _claims(given), key)
        return Token(signed, KeySet([self._key]).as_dict(private=False), ISSUER, CLIENT)


def grant(person: Person, answer: Answer, *, challenge: str, nonce: str, back: str) -> str:
    """A code for this person, whose token will be as the answer says."""
    code = secrets.token_urlsafe(24)
    kept = {"person": list(person), "answer": answer.value}
    cache.set(_place(code), kept | {"challenge": challenge, "nonce": nonce, "back": back}, LASTS)
    return code


def _place(code: str) -> str:
    return f"sandbox:{SYSTEM}:code:{code}"


def _claims(given: dict) -> dict:
    name, number = given["person"]
    answer = Answer(given["answer"])
    at = int(real_now().timestamp()) - (HOUR if answer is Answer.LATE else 0)
    return {
        "iss": ISSUER,
        "aud": CLIENT,
        "sub": number,
        "iat": at,
        "exp": at + LASTS * 5,
        "nonce": "another's" if answer is Answer.FOR_ANOTHER else given["nonce"],
        "name": name,
        "id_number": number,
        "acr": UNSURE if answer is Answer.UNSURE else SURE,
    }
