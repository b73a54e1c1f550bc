"""A zone's key in a token by PKCS#11, tried with SoftHSM 2; and suites of algorithms that can't sign."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from kernel.core.moment import travel_to
from kernel.papers import certificate_authority, certificates, keys, licence_code, pades, trust
from kernel.papers.checks import check_signatures
from tests.factories import MORNING
from tests.registration.test_lasting_signatures import blank

UTIL = os.environ.get("SOFTHSM2_UTIL") or shutil.which("softhsm2-util")
MODULES = [
    os.environ.get("SOFTHSM2_MODULE", ""),
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
]
MODULE = next((path for path in MODULES if path and Path(path).is_file()), "")
TOKEN, PIN = "zones", "4321"

with_softhsm = pytest.mark.skipif(
    not (UTIL and MODULE), reason="SoftHSM 2 is not installed: apt-get install softhsm2"
)


@pytest.fixture(scope="module")
def token(tmp_path_factory):
    """A token with a key for the zone "a". The library reads where its tokens lie once in a process."""
    pkcs11 = pytest.importorskip("pkcs11", reason="python-pkcs11 is not installed")
    from pkcs11.util.ec import encode_named_curve_parameters

    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    configured = folder / "softhsm2.conf"
    configured.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(configured))
        made = [UTIL, "--module", MODULE, "--init-token", "--free", "--label", TOKEN]
        made += ["--so-pin", "1234", "--pin", PIN]
        subprocess.run(made, check=True, capture_output=True)
        found = pkcs11.lib(MODULE).get_token(token_label=TOKEN)
        with found.open(user_pin=PIN, rw=True) as session:
            curve = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
            domain = session.create_domain_parameters(pkcs11.KeyType.EC, curve, local=True)
            domain.generate_keypair(store=True, label="a")
        yield TOKEN


@pytest.fixture
def installation(token, settings, tmp_path):
    settings.SIGNING_KEYS = str(tmp_path)
    settings.SIGNING_MODULE, settings.SIGNING_TOKEN, settings.SIGNING_PIN = MODULE, token, PIN
    with travel_to(MORNING):
        certificate_authority.make_for_demo("a", "Authority")
        yield tmp_path


@with_softhsm
class TestToken:
    def test_signs_papers_and_codes_and_gives_its_key_to_nobody(self, installation):
        assert not list(installation.glob("*.key"))
        lists = [certificate_authority.revocation_list([], 1).public_bytes(Encoding.DER)]
        signed = pades.check(pades.sign(blank(), "a", "Authority", lists), trust.anchors())
        assert signed.lasts and signed.holds and signed.signer == "Authority"
        facts = {
            "verify_code": "ab" * 16,
            "uscc": "91370399MAYX26K38U",
            "company_name": "Company",
            "issued_on": "2026-03-18",
            "legal_representative": "Zhou",
        }
        text = licence_code.text(facts, lambda message: keys.sign("a", message))
        assert licence_code.opened(text, certificates.certificates("a")).uscc == facts["uscc"]

    def test_without_the_key_or_the_pin_it_says_so(self, installation, settings):
        with pytest.raises(certificates.NoCertificate, match="b: the token zones"):
            keys.sign("b", b"x")
        settings.SIGNING_PIN = "0000"
        with pytest.raises(certificates.NoCertificate, match="PinIncorrect"):
            keys.sign("a", b"x")
        settings.SIGNING_PIN, settings.SIGNING_TOKEN = PIN, "another"
        with pytest.raises(certificates.NoCertificate, match="the token another"):
            keys.sign("a", b"x")

    def test_a_new_key_is_made_in_the_token(self, installation):
        with pytest.raises(certificates.NoCertificate, match="make the new one there"):
            certificate_authority.renew("a", "Authority")


def faults() -> list[str]:
    return [error.msg for error in check_signatures(None)]


class TestChecks:
    @pytest.fixture(autouse=True)
    def _keys(self, settings, tmp_path):
        settings.SIGNING_KEYS, settings.DEMO = str(tmp_path), False

    def test_sm2_refuses_to_start_in_a_sentence(self, settings):
        settings.SIGNATURE_SUITE = "sm2"
        with pytest.raises(SystemCheckError, match="SM2 and SM3"):
            call_command("check")
        with pytest.raises(certificates.NoCertificate, match="Set SIGNATURE_SUITE=p256"):
            keys.sign("a", b"x")

    def test_a_suite_that_nobody_knows(self, settings):
        settings.SIGNATURE_SUITE = "rot13"
        assert faults() == ["SIGNATURE_SUITE is rot13; there are p256, sm2."]

    def test_a_token_that_is_half_named(self, settings):
        settings.SIGNING_MODULE = "/nowhere/lib.so"
        assert len(faults()) == 2 and "is no file" in faults()[0]

    def test_open_keys_and_self_made_certificates_are_named(self, settings):
        assert faults() == []
        certificate_authority.make("Authority")
        certificate_authority.issue("a", "Authority")
        assert [fault.split()[0] for fault in faults()] == ["a.key", "ca.key"]
        settings.AUTHORITY_PASSWORD = settings.SIGNING_PASSWORD = "one"
        call_command("certificates", "lock", verbosity=0)
        assert faults() == []
        certificate_authority.path_of("ca.crt").unlink()
        certificate_authority.path_of("ca.key").unlink()
        assert "did not issue" in faults()[0]
