"""The installation's certificate authority: what it issues and takes back, what is public, and what is on record."""

from datetime import timedelta
from io import StringIO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.urls import reverse

from kernel.cases import certificate_register, tasks
from kernel.cases.models import CertificateEvent, RevocationList
from kernel.core.moment import real_now
from kernel.papers import certificate_authority, certificates, trust
from kernel.papers import keys as zone_keys
from tests.factories import MORNING

pytestmark = pytest.mark.django_db
WHO = "Sun, operator"


@pytest.fixture
def keys(settings, tmp_path):
    settings.SIGNING_KEYS, settings.DEMO = str(tmp_path / "signing"), False
    settings.AUTHORITY_PASSWORD, settings.SIGNING_PASSWORD = "of the authority", "of the zones"
    return tmp_path / "signing"


@pytest.fixture
def authority(keys, zone):
    run("authority", "--name", "Authority of the zone", "--who", WHO)
    return certificate_authority.own()[0]


def run(*words) -> str:
    target = StringIO()
    call_command("certificates", *words, stdout=target)
    return target.getvalue()


def self_signed(keys, code: str) -> x509.Certificate:
    """A zone's key and certificate as they were made before there was an authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Of before")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(MORNING - timedelta(days=400))
        .not_valid_after(MORNING + timedelta(days=400))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    keys.mkdir(exist_ok=True)
    (keys / f"{code}.key").write_bytes(pem)
    (keys / f"{code}.crt").write_bytes(made.public_bytes(Encoding.PEM))
    return made


def published(client, issuer) -> x509.CertificateRevocationList:
    address = reverse("revocations", args=[certificate_authority.key_id(issuer)])
    answer = client.get(address)
    assert answer["Content-Type"] == "application/pkix-crl"
    return x509.load_der_x509_crl(answer.content)


def test_a_zones_certificate_says_who_vouches_and_where_what_was_taken_back_stands(
    authority, zone, client
):
    run("issue", zone.code, "--who", WHO)
    issued = certificates.certificates(zone.code)[0]
    issued.verify_directly_issued_by(authority)
    points = issued.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    address = points[0].full_name[0].value
    assert address.endswith(reverse("revocations", args=[certificate_authority.key_id(authority)]))
    assert published(client, authority).is_signature_valid(authority.public_key())
    pem = client.get(reverse("certificate", args=[zone.code])).content
    assert x509.load_pem_x509_certificates(pem) == [issued, authority]
    pem = client.get(reverse("authority", args=[certificate_authority.key_id(authority)])).content
    assert x509.load_pem_x509_certificate(pem) == authority


def test_nobody_is_shown_what_no_authority_is_called(authority, client):
    for name in ("authority", "revocations"):
        assert client.get(reverse(name, args=["0" * 16])).status_code == 404
    certificate_authority.path_of("ca.crt").unlink()
    key = certificate_authority.key_id(authority)
    assert client.get(reverse("revocations", args=[key])).status_code == 404


def test_the_keys_lie_under_their_passwords(authority, zone, keys, settings):
    run("issue", zone.code, "--who", WHO)
    assert b"ENCRYPTED" in (keys / f"{zone.code}.key").read_bytes()
    assert b"ENCRYPTED" in (keys / "authority" / "ca.key").read_bytes()
    assert zone_keys.sign(zone.code, b"x")
    settings.SIGNING_PASSWORD = "another"
    with pytest.raises(certificates.NoCertificate, match=rf"{zone.code}\.key"):
        zone_keys.sign(zone.code, b"x")
    settings.AUTHORITY_PASSWORD = ""
    with pytest.raises(CommandError, match=r"ca\.key"):
        run("list")


def test_a_zone_with_a_key_of_before_is_brought_over(authority, zone, keys):
    old = self_signed(keys, zone.code)
    signature = zone_keys.sign(zone.code, b"x")
    run("issue", zone.code, "--who", WHO)
    run("lock")
    assert b"ENCRYPTED" in (keys / f"{zone.code}.key").read_bytes()
    new, earlier = certificates.certificates(zone.code)
    assert earlier == old and new.public_key() == old.public_key()
    assert certificates.signed_by([new], b"x", signature)
    assert "self-signed" in run("show")


def test_with_a_stolen_key_its_certificate_of_before_counts_no_more(authority, zone, keys):
    old = self_signed(keys, zone.code)
    run("issue", zone.code, "--who", WHO)
    assert trust.anchors(certificate_register.lists()) == [old, authority]
    run("revoke", zone.code, "--reason", "superseded", "--who", WHO)
    assert trust.anchors(certificate_register.lists()) == [old, authority]
    run("issue", zone.code, "--who", WHO)
    run("revoke", zone.code, "--reason", "key", "--who", WHO)
    assert trust.anchors(certificate_register.lists()) == [authority]


def test_a_renewed_zone_has_a_new_key_and_the_earlier_signatures_hold(authority, zone):
    run("issue", zone.code, "--who", WHO)
    signature = zone_keys.sign(zone.code, b"x")
    run("renew", zone.code, "--who", WHO)
    new, earlier = certificates.certificates(zone.code)
    assert certificates.signed_by([new, earlier], b"x", signature) == earlier
    assert certificates.signed_by([new], b"x", zone_keys.sign(zone.code, b"x"))


def test_a_revoked_certificate_stands_on_the_list_at_once_and_on_record(authority, zone, client):
    run("issue", zone.code, "--who", WHO)
    issued = certificates.certificates(zone.code)[0]
    since = "2026-03-01T09:00:00+08:00"
    arguments = ("revoke", zone.code, "--reason", "key", "--who", WHO)
    run(*arguments, "--since", since)
    entry = published(client, authority).get_revoked_certificate_by_serial_number(
        issued.serial_number
    )
    assert entry.revocation_date_utc.isoformat() == "2026-03-01T01:00:00+00:00"
    event = CertificateEvent.objects.get(kind="revoked")
    assert (event.who, event.zone, event.reason) == (WHO, zone, "key")
    assert "revoked" in run("show")
    with pytest.raises(CommandError, match="was revoked before"):
        run(*arguments)


def test_what_the_authority_never_issued_it_can_not_take_back(authority, zone, keys):
    self_signed(keys, zone.code)
    with pytest.raises(CommandError, match="only what it issued"):
        run("revoke", zone.code, "--reason", "key", "--who", WHO)
    with pytest.raises(CommandError, match="no zone with the code"):
        run("issue", "nowhere", "--who", WHO)
    with pytest.raises(CommandError, match="an authority already"):
        run("authority", "--name", "Another", "--who", WHO)


def test_the_list_is_made_anew_each_night_and_never_ends(authority, travel):
    first = RevocationList.objects.get()
    assert not tasks.renew_revocation_list()
    travel(real_now() + timedelta(hours=21))
    assert tasks.renew_revocation_list()
    second = RevocationList.objects.get()
    assert second.number == first.number + 1 and second.ends_at > first.ends_at
    assert certificate_register.lists() == (bytes(second.content),)
    travel(second.ends_at + timedelta(minutes=1))
    certificate_register.lists.forget()
    assert certificate_register.lists() == (bytes(second.content),), "what it revoked stays so"
    assert certificate_register.lists_to_sign() == (bytes(RevocationList.objects.get().content),)
    assert RevocationList.objects.get().number == second.number + 1
    certificate_authority.path_of("ca.key").unlink()
    travel(RevocationList.objects.get().ends_at + timedelta(minutes=1))
    with pytest.raises(certificates.NoCertificate):
        certificate_register.lists_to_sign()


def test_without_the_authoritys_key_the_end_of_the_list_is_reported(authority, travel, caplog):
    certificate_authority.path_of("ca.key").unlink()
    travel(real_now() + timedelta(days=2))
    assert not tasks.renew_revocation_list() and not caplog.records
    travel(real_now() + timedelta(days=24))
    assert not tasks.renew_revocation_list()
    assert "can't be renewed here" in caplog.text


def test_the_record_can_not_be_changed_and_a_change_past_the_guards_is_found(
    authority, zone, monkeypatch
):
    run("issue", zone.code, "--who", WHO)
    run("revoke", zone.code, "--reason", "ended", "--who", WHO)
    assert [*certificate_register.faults()] == []
    with pytest.raises(DatabaseError), transaction.atomic():
        CertificateEvent.objects.filter(kind="revoked").update(who="Somebody else")
    with pytest.raises(DatabaseError), transaction.atomic():
        CertificateEvent.objects.all().delete()
    events = list(CertificateEvent.objects.order_by("number"))
    events[1].who = "Somebody else"
    monkeypatch.setattr(CertificateEvent.objects, "order_by", lambda *names: events)
    assert [*certificate_register.faults()] == ["event 2 of the certificate authority was changed"]
    del events[1]
    assert [*certificate_register.faults()] == ["event 2 of the certificate authority is missing"]


def test_a_revocation_that_was_cut_off_the_end_is_found_on_the_list(authority, zone, monkeypatch):
    run("issue", zone.code, "--who", WHO)
    run("revoke", zone.code, "--reason", "ended", "--who", WHO)
    monkeypatch.setattr(certificate_register, "revoked", lambda: [])
    assert ["its event is missing" in fault for fault in certificate_register.faults()] == [True]
