"""Logging in with the province's service site: OpenID Connect, the authorisation code with PKCE, state and nonce.

    asked, address = begin(back)           # the browser goes to `address`, the site sends it back to `back`
    person = identify(code, asked)         # who they are, as the site's signed token says

The site is the sandbox, or the adapter that ADAPTERS names, of which `Oidc` is one and `NotOffered` another.
Whichever it is, its token is judged here: signature, issuer, audience, time, nonce, and how surely it knows the person.
"""

import logging
import secrets
from typing import NamedTuple, Protocol, cast

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization
from joserfc.jws import JWSRegistry

from kernel.core import external_systems, gateways
from kernel.core.adapters import Adapter
from kernel.core.errors import Refused
from kernel.core.moment import real_now

log = logging.getLogger(__name__)
SYSTEM = "service_site"
# Signed with a private key: whoever knows the client's secret, or the public key, can make none of these.
SIGNATURES = ["RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"]
LEEWAY = 60  # seconds that the site's clock may differ


class SiteAway(Refused):
    sentence = _(
        "The province's service site can't be reached at the moment. Nothing was changed: log in with your phone and "
        "password, or try again in a few minutes."
    )


class NotTaken(Refused):
    """What the site says can't be relied on."""

    sentence = _(
        "What the province's service site answered doesn't count any more: it came too late, or was not meant for this "
        "page. Nothing was changed. Begin the log-in once more."
    )


class NotSure(Refused):
    sentence = _(
        "The province's service site doesn't know your real name surely enough for this. Have your name checked there, "
        "or log in with your phone and password."
    )


class Asked(NamedTuple):
    """What one log-in began with; only the browser's session knows it."""

    state: str
    nonce: str
    verifier: str
    back: str


class Token(NamedTuple):
    """A signed token, and by what it is judged: the keys that the site publishes, its name, and ours at the site."""

    signed: str
    keys: KeySetSerialization
    issuer: str
    client: str


class Person(NamedTuple):
    real_name: str
    id_number: str


class Site(Protocol):
    """Both methods raise whatever goes wrong, and must not touch the database."""

    offered: bool

    def way_in(self, asked: Asked) -> str:
        """Where the browser is sent."""

    def redeem(self, code: str, asked: Asked) -> Token:
        """The token for the code with which the browser came back. Raises NotTaken for a code that doesn't count."""


def begin(back: str) -> tuple[Asked, str]:
    """A log-in that leads back to that address, and where it goes. Raises SiteAway."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _secret in range(3))
    asked = Asked(state, nonce, verifier, back)
    return asked, _of_site(site().way_in, asked)


def identify(code: str, asked: Asked) -> Person:
    """Who the site says it is. Raises SiteAway, NotTaken, NotSure."""
    claims = _judged(_of_site(site().redeem, code, asked), asked)
    names = settings.SERVICE_SITE_CLAIMS
    if claims.get(names["assurance"]) not in settings.SERVICE_SITE_ASSURANCE:
        raise NotSure
    name, number = claims.get(names["name"]), claims.get(names["number"])
    if not (isinstance(name, str) and isinstance(number, str)):
        raise NotTaken
    return Person(name, number)


def _of_site(call, *facts):
    try:
        return external_systems.within(external_systems.PATIENCE, SYSTEM, call, *facts)
    except Refused:
        raise
    except Exception as error:  # whatever a stranger's adapter raises
        log.exception("the service site doesn't answer", extra={"kind": SYSTEM})
        raise SiteAway from error


def _judged(token: Token, asked: Asked) -> dict:
    """The claims of the token. Raises NotTaken."""
    registry = JWSRegistry(algorithms=SIGNATURES, strict_check_header=False)
    wanted = {
        "iss": {"essential": True, "value": token.issuer},
        "aud": {"essential": True, "value": token.client},
        "nonce": {"essential": True, "value": asked.nonce},
    }
    known = {"client_id": token.client, "nonce": asked.nonce}
    try:
        signed = jwt.decode(token.signed, KeySet.import_key_set(token.keys), registry=registry)
        claims = CodeIDToken(signed.claims, signed.header, wanted, known)
        claims.validate(now=int(real_now().timestamp()), leeway=LEEWAY)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        log.warning("a token of the service site was not taken", extra={"kind": _kind(error)})
        raise NotTaken from error
    return claims


def _kind(error: Exception) -> str:
    return getattr(error, "error", "") or type(error).__name__


# The real one --------------------------------------------------------------------------------------------------------


class Oidc:
    """The site whose issuer is SERVICE_SITE_ISSUER, where the portal is the client SERVICE_SITE_CLIENT with the secret
    SERVICE_SITE_SECRET. Its addresses and keys are read anew for each log-in, so that new ones count at once."""

    offered = True

    def way_in(self, asked: Asked) -> str:
        address = self._published()["authorization_endpoint"]
        if not gateways.is_address(address):
            raise gateways.Unreadable
        return prepare_grant_uri(
            address,
            settings.SERVICE_SITE_CLIENT,
            "code",
            asked.back,
            settings.SERVICE_SITE_SCOPE,
            asked.state,
            nonce=asked.nonce,
            prompt="login",  # the computer of a hall may still be another's at the site
            code_challenge=create_s256_code_challenge(asked.verifier),
            code_challenge_method="S256",
        )

    def redeem(self, code: str, asked: Asked) -> Token:
        published = self._published()
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": asked.back,
            "code_verifier": asked.verifier,
        }
        client, secret = settings.SERVICE_SITE_CLIENT, settings.SERVICE_SITE_SECRET
        _address, headers, _body = ClientAuth(client, secret).prepare("POST", "", {}, "")
        try:
            answer = gateways.ask_by_form(published["token_endpoint"], fields, headers)
        except gateways.Away as error:
            if error.status == 400:  # the code has been used, has run out, or was another's
                raise NotTaken from error
            raise
        keys = cast(KeySetSerialization, gateways.read(published["jwks_uri"]))  # it is judged with
        return Token(answer["id_token"], keys, settings.SERVICE_SITE_ISSUER, client)

    def _published(self) -> dict:
        """What the site says of itself. Raises Unreadable where it is another than the one that is meant."""
        issuer = settings.SERVICE_SITE_ISSUER
        published = gateways.read(get_well_known_url(issuer, external=True))
        if published.get("issuer") != issuer:
            raise gateways.Unreadable
        return published


class NotOffered:
    """Where the province has no such site, or the portal isn't its client: nothing leads there."""

    offered = False

    def way_in(self, asked: Asked) -> str:
        raise gateways.Away

    def redeem(self, code: str, asked: Asked) -> Token:
        raise gateways.Away


def _sandbox() -> Site:
    from kernel.accounts.service_site_sandbox import Sandbox

    return Sandbox()


site: Adapter[Site] = Adapter(SYSTEM, _sandbox)
