"""The province's service site over HTTP, as a stub plays it: what counts, what doesn't, and a site that is away."""

import base64
import logging
from urllib.parse import parse_qs, urlsplit

import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from kernel.accounts import service_site
from kernel.accounts.service_site import NotSure, NotTaken, Person, SiteAway, begin, identify
from kernel.core import external_systems
from kernel.core.moment import real_now
from tests import stub_server
from tests.filings import resident_id

NAME, NUMBER = "赵六", resident_id("19900101", 101)
BACK = "https://portal.example/account/site/answer/"
KEY, STRANGE = RSAKey.generate_key(2048, auto_kid=True), ECKey.generate_key("P-256", auto_kid=True)


@pytest.fixture
def site(settings):
    with stub_server.running() as server:
        issuer = server.address.rstrip("/")
        settings.SERVICE_SITE_ISSUER = issuer
        settings.SERVICE_SITE_CLIENT, settings.SERVICE_SITE_SECRET = "portal-370391", "a secret"
        server.published = {
            "/.well-known/openid-configuration": {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/authorize?province=sd",
                "token_endpoint": f"{issuer}/token",
                "jwks_uri": f"{issuer}/keys",
            },
            "/keys": KeySet([KEY]).as_dict(private=False),
        }
        service_site.site.connect(service_site.Oidc())
        yield server
        service_site.site.connect(None)


@pytest.fixture
def asked(site):
    return begin(BACK)[0]


def claims(site, asked, **other) -> dict:
    at = int(real_now().timestamp())
    told = {
        "iss": site.address.rstrip("/"),
        "aud": "portal-370391",
        "sub": "42",
        "nonce": asked.nonce,
    }
    told |= {"iat": at, "exp": at + 300, "name": NAME, "id_number": NUMBER, "acr": "real-name"}
    return {name: value for name, value in (told | other).items() if value is not None}


def answers(site, told: dict, key=KEY, alg="RS256", **header) -> None:
    signed = jwt.encode({"alg": alg, "kid": KEY.kid} | header, told, key, algorithms=[alg])
    site.answer = {"access_token": "opaque", "token_type": "Bearer", "id_token": signed}


def test_the_browser_is_sent_with_all_that_binds_the_answer_to_it(site):
    (asked, address), (other, _address) = begin(BACK), begin(BACK)
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert address.startswith(f"{site.address}authorize?") and query["province"] == "sd"
    assert query["code_challenge"] == create_s256_code_challenge(asked.verifier)
    assert (query["code_challenge_method"], query["response_type"]) == ("S256", "code")
    assert (query["client_id"], query["redirect_uri"]) == ("portal-370391", BACK)
    assert (query["state"], query["nonce"]) == (asked.state, asked.nonce)
    assert query["scope"] == "openid profile" and asked.verifier not in address
    assert len({*asked[:3], *other[:3]}) == 6 and all(len(secret) >= 43 for secret in asked[:3])


def test_who_the_site_says_it_is(site, asked):
    answers(site, claims(site, asked))
    assert identify("a code", asked) == Person(NAME, NUMBER)
    [question], [headers] = site.asked, site.headers
    assert question == {
        "grant_type": "authorization_code",
        "code": "a code",
        "redirect_uri": BACK,
        "code_verifier": asked.verifier,
    }
    assert base64.b64decode(headers["Authorization"].split()[1]) == b"portal-370391:a secret"


def test_a_site_may_call_things_otherwise(site, asked, settings):
    settings.SERVICE_SITE_CLAIMS = {"name": "xm", "number": "zjhm", "assurance": "level"}
    settings.SERVICE_SITE_ASSURANCE = ["L3", "L4"]
    answers(site, claims(site, asked, xm=NAME, zjhm=NUMBER, level="L4"))
    assert identify("a code", asked) == Person(NAME, NUMBER)


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://another.example"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": ["another-client"]},
        {"aud": None},
        {"azp": "another-client"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"exp": "soon"},
        {"iat": None},
        {"nbf": 2**40},
        {"iat": 2**40},
        {"sub": None},
        {"name": None},
        {"name": 7},
        {"id_number": ["x"]},
        {"id_number": None},
    ],
    ids=str,
)
def test_a_token_that_must_not_count_does_not(site, asked, wrong):
    answers(site, claims(site, asked, **wrong))
    with pytest.raises(NotTaken):
        identify("a code", asked)


@pytest.mark.parametrize("level", ["password", None, "", ["real-name"], 3])
def test_who_is_not_known_surely_is_not_taken(site, asked, level):
    answers(site, claims(site, asked, acr=level))
    with pytest.raises((NotSure, NotTaken)):
        identify("a code", asked)


def test_a_signature_of_another_key_does_not_count(site, asked):
    told = claims(site, asked)
    published = base64.b64encode(repr(KEY.as_dict(private=False)).encode())
    for key, alg in ((STRANGE, "ES256"), (OctKey.import_key(published), "HS256")):
        for kid in (KEY.kid, key.kid or "", "nobody's"):
            answers(site, told, key, alg, kid=kid)
            with pytest.raises(NotTaken):
                identify("a code", asked)
    header, payload, _signature = site.answer["id_token"].split(".")
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    for garbage in (f"{unsigned}.{payload}.", f"{header}.{payload}.", "", "a.b.c", 7, None):
        site.answer["id_token"] = garbage
        with pytest.raises(NotTaken):
            identify("a code", asked)


def test_new_keys_count_at_once(site, asked):
    site.published["/keys"] = KeySet([STRANGE]).as_dict(private=False)
    answers(site, claims(site, asked), STRANGE, "ES256", kid=STRANGE.kid)
    assert identify("a code", asked) == Person(NAME, NUMBER)


def test_a_code_that_the_site_refuses_is_no_failure_of_the_site(site, asked):
    site.status, site.answer = 400, {"error": "invalid_grant"}
    with pytest.raises(NotTaken):
        identify("an old code", asked)


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_a_site_in_trouble_is_away(site, asked, status):
    answers(site, claims(site, asked))
    site.status = status
    with pytest.raises(SiteAway):
        identify("a code", asked)


@pytest.mark.parametrize("garbage", [b"", b"<html>", b"[]", b'{"access_token": "opaque"}'])
def test_garbage_is_no_token(site, asked, garbage):
    site.answer = garbage
    with pytest.raises(SiteAway):
        identify("a code", asked)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("issuer", "https://another.example"),
        ("authorization_endpoint", "http://plain.example/"),
        ("authorization_endpoint", "javascript:alert(1)"),
        ("authorization_endpoint", None),
    ],
)
def test_nobody_is_sent_where_the_site_is_not(site, name, value):
    site.published["/.well-known/openid-configuration"][name] = value
    with pytest.raises(SiteAway):
        begin(BACK)


def test_one_that_hangs_holds_up_nobody_for_long(site, asked, monkeypatch):
    monkeypatch.setattr(external_systems, "PATIENCE", 0.05)
    answers(site, claims(site, asked))
    site.hangs = True
    with pytest.raises(SiteAway):
        identify("a code", asked)
    site.let.set()
    external_systems._hanging[service_site.SYSTEM].join()
    monkeypatch.setattr(external_systems, "PATIENCE", 3)
    assert identify("a code", asked) == Person(NAME, NUMBER)


def test_one_that_is_not_there_is_away(site, settings):
    with stub_server.running() as server:
        settings.SERVICE_SITE_ISSUER = server.address
    with pytest.raises(SiteAway):
        begin(BACK)


def test_nothing_of_the_person_and_no_secret_is_logged(site, asked, caplog):
    answers(site, claims(site, asked, nonce="another"))
    with caplog.at_level(logging.DEBUG), pytest.raises(NotTaken):
        identify("a code", asked)
    site.status = 500
    with caplog.at_level(logging.DEBUG), pytest.raises(SiteAway):
        identify("a code", asked)
    private = (NAME, NUMBER, asked.verifier, asked.nonce, "a code", site.answer["id_token"])
    assert caplog.records and not any(word in caplog.text for word in private)


def test_where_none_is_offered_nothing_is_asked():
    service_site.site.connect(service_site.NotOffered())
    try:
        with pytest.raises(SiteAway):
            begin(BACK)
    finally:
        service_site.site.connect(None)
