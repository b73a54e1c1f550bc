"""The licence as a signed paper: what its signature and its QR code prove."""

import subprocess
import sys
from functools import partial
from io import BytesIO, StringIO
from itertools import product
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from kernel.cases import issuing
from kernel.cases.models import Document
from kernel.papers import certificate_authority, certificates, licence_code, pades, trust
from kernel.papers import keys as zone_keys
from tests import driving, factories
from tests.codes import REGISTRATION
from tests.factories import MORNING

IN_FORCE = [Document.State.PENDING, Document.State.READY]


@pytest.fixture
def keys(settings, tmp_path):
    settings.SIGNING_KEYS = str(tmp_path / "signing")
    return tmp_path / "signing"


@pytest.fixture
def zone(db, keys):
    zone = factories.ZoneFactory()
    zone.authority_name = "Authority"
    zone.save()
    certificate_authority.make_for_demo(zone.code, zone.authority_name)
    return zone


@pytest.fixture
def officers(zone):
    return driving.staff(zone)


@pytest.fixture
def licensed(zone, officers, travel):
    travel(MORNING)
    return driving.work(REGISTRATION, officers[REGISTRATION], factories.filed(zone=zone))


def made(case, kind="licence") -> Document:
    return issuing.make(
        case.documents.select_related("application__zone").get(kind=kind, state__in=IN_FORCE)
    )


def content(document: Document) -> bytes:
    with document.file.open() as file:
        return file.read()


class TestKeys:
    def test_are_made_once_and_kept_secret(self, keys):
        assert certificate_authority.make_for_demo(
            "a", "Authority"
        ) and not certificate_authority.make_for_demo("a", "Authority")
        assert {path.name: path.stat().st_mode & 0o777 for path in keys.rglob("*.*")} == {
            "a.key": 0o600,
            "a.crt": 0o600,
            "ca.key": 0o600,
            "ca.crt": 0o600,
        }
        assert "Demonstration" in certificates.certificates("a")[0].subject.rfc4514_string()

    def test_a_certificate_is_made_again_for_a_key_that_is_there(self, keys):
        certificate_authority.make_for_demo("a", "Authority")
        (keys / "a.crt").unlink()
        assert certificate_authority.make_for_demo("a", "Authority")
        assert certificates.signed_by(
            certificates.certificates("a"), b"x", zone_keys.sign("a", b"x")
        )

    def test_what_is_missing_or_unfit_is_named(self, keys):
        with pytest.raises(certificates.NoCertificate, match=r"b\.key is missing"):
            certificates.private_key("b")
        keys.mkdir()
        (keys / "b.key").write_text("nonsense")
        with pytest.raises(certificates.NoCertificate, match=r"b\.key"):
            certificates.private_key("b")

    def test_earlier_certificates_still_verify(self, keys):
        certificate_authority.make_for_demo("a", "Authority")
        signature, old = zone_keys.sign("a", b"x"), (keys / "a.crt").read_bytes()
        for path in list(keys.glob("*.*")):
            path.unlink()
        certificate_authority.make_for_demo("a", "Authority")
        assert not certificates.signed_by(certificates.certificates("a"), b"x", signature)
        (keys / "a.crt").chmod(0o600)
        (keys / "a.crt").write_bytes((keys / "a.crt").read_bytes() + old)
        assert certificates.signed_by(certificates.certificates("a"), b"x", signature)


class TestSignedPaper:
    def test_the_pdf_is_signed_by_the_zone(self, licensed, zone):
        paper = content(made(licensed))
        signed = pades.check(paper, trust.anchors())
        assert signed.intact and signed.trusted and signed.signer == "Authority"
        assert signed.lasts and signed.stamped_at == MORNING

    def test_one_changed_byte_is_seen(self, licensed, zone):
        paper = bytearray(content(made(licensed)))
        paper[len(paper) // 3] ^= 1
        signed = pades.check(bytes(paper), trust.anchors())
        assert signed is None or not signed.intact

    def test_no_broken_file_breaks_the_check(self, licensed, zone):
        paper, known = content(made(licensed)), trust.anchors()
        for place in range(len(paper) - 1200, len(paper), 29):
            signed = pades.check(
                paper[:place] + bytes([paper[place] ^ 4]) + paper[place + 1 :], known
            )
            assert signed is None or not signed.intact
        assert pades.check(paper[:5000], known) is None

    def test_what_is_added_afterwards_is_seen(self, licensed, zone):
        target = BytesIO()
        with pikepdf.open(BytesIO(content(made(licensed)))) as pdf:
            pdf.save(target)
        signed = pades.check(target.getvalue(), trust.anchors())
        assert signed is None or not signed.intact

    def test_another_installations_authority_does_not_vouch(self, licensed, settings, tmp_path):
        paper = content(made(licensed))
        settings.SIGNING_KEYS = str(tmp_path / "another")
        certificate_authority.make_for_demo("other", "Authority")
        assert not pades.check(paper, trust.anchors()).trusted

    def test_no_signature_no_word(self):
        assert pades.check(b"%PDF-1.7 nothing", []) is None

    def test_both_formats_with_codes_of_their_own(self, licensed):
        copy, original = made(licensed), made(licensed, "licence_original")
        sizes = []
        for paper in (copy, original):
            with pikepdf.open(BytesIO(content(paper))) as pdf:
                box = [float(edge) for edge in pdf.pages[0].mediabox]
                sizes.append((round(box[2] * 25.4 / 72), round(box[3] * 25.4 / 72), len(pdf.pages)))
        assert sizes == [(297, 210, 1), (420, 297, 1)]
        assert copy.verify_code != original.verify_code and copy.qr_text != original.qr_text

    def test_a_web_process_never_loads_the_signer(self):
        code = (
            "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'portal.settings.test'; django.setup();"
            "from django.urls import get_resolver; get_resolver().url_patterns; sys.exit('pyhanko' in sys.modules)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True
        )
        assert done.returncode == 0, done.stderr

    def test_without_a_key_nothing_is_issued_and_it_is_tried_again(self, licensed, settings, keys):
        settings.DEMO = False
        for path in list(keys.glob("*.*")):
            path.unlink()
        while issuing.make_next():
            pass
        assert licensed.documents.get(kind="licence").state == Document.State.PENDING
        assert licensed.documents.get(kind="articles").state == Document.State.READY


class TestCode:
    FACTS = {
        "verify_code": "ab" * 16,
        "uscc": "91370399MAYX26K38U",
        "company_name": "Company",
        "issued_on": "2026-03-18",
        "legal_representative": "Zhou",
        "copy": "1-1",
    }

    def test_says_what_it_was_signed_for(self, keys):
        certificate_authority.make_for_demo("a", "Authority")
        text = licence_code.text(self.FACTS, lambda message: zone_keys.sign("a", message))
        sealed = licence_code.opened(text, certificates.certificates("a"))
        assert (sealed.code, sealed.uscc, sealed.head) == ("ab" * 16, "91370399MAYX26K38U", "Z***")
        assert text == licence_code.text(self.FACTS, lambda message: zone_keys.sign("a", message))

    def test_any_changed_bit_breaks_it(self, keys):
        certificate_authority.make_for_demo("a", "Authority")
        text, known = (
            licence_code.text(self.FACTS, partial(zone_keys.sign, "a")),
            certificates.certificates("a"),
        )
        for place, bit in product(range(len(text)), range(7)):
            changed = text[:place] + chr(ord(text[place]) ^ 1 << bit) + text[place + 1 :]
            with pytest.raises(licence_code.NotGenuine):
                licence_code.opened(changed, known)

    def test_what_was_printed_before_addresses_were_signed_is_still_genuine(self, keys):
        certificate_authority.make_for_demo("a", "Authority")
        lines = "\n".join(("L1", "91370399MAYX26K38U", "Company", "Z***", "2026-03-18", "1-1"))
        signature = zone_keys.sign("a", f"{'ab' * 16}\n{lines}".encode())
        behind = ".".join(map(licence_code._encoded, (lines.encode(), signature)))
        sealed = licence_code.opened(
            f"https://x/verify/{'ab' * 16}/#{behind}", certificates.certificates("a")
        )
        assert (sealed.code, sealed.company_name, sealed.copy) == ("ab" * 16, "Company", "1-1")

    @pytest.mark.parametrize(
        "text", ["", "#", "https://x/verify/1/#.", "a#b.c", "a#é.é", "#" * 3000]
    )
    def test_anything_else_is_not_genuine(self, text):
        with pytest.raises(licence_code.NotGenuine):
            licence_code.opened(text, [])


class TestCommand:
    @pytest.fixture
    def pdf(self, licensed, tmp_path):
        path = tmp_path / "licence.pdf"
        path.write_bytes(content(made(licensed)))
        return path

    def test_says_genuine(self, pdf, keys, zone):
        out = StringIO()
        call_command(
            "verify_licence", pdf, "--certificate", keys / "authority" / "ca.crt", stdout=out
        )
        assert out.getvalue().startswith("Genuine and unchanged: signed by Authority")

    def test_reads_the_qr_code(self, licensed):
        out = StringIO()
        call_command("verify_licence", qr=made(licensed).qr_text, stdout=out)
        licensed.refresh_from_db()
        assert licensed.uscc in out.getvalue() and licensed.name in out.getvalue()

    def test_says_what_is_wrong(self, pdf):
        changed = pdf.with_name("changed.pdf")
        changed.write_bytes(pdf.read_bytes() + b"% more")
        with pytest.raises(CommandError, match="was changed"):
            call_command("verify_licence", changed)
        for arguments in ([], [Path(__file__)], [pdf.with_name("none.pdf")]):
            with pytest.raises(CommandError):
                call_command("verify_licence", *arguments)
        with pytest.raises(CommandError):
            call_command("verify_licence", qr="https://x/verify/1/#a.b")


class TestVerifyPage:
    def test_shows_what_is_printed_and_the_certificate(self, licensed, client, zone):
        paper = made(licensed)
        page = client.get(reverse("verified", args=[paper.verify_code])).content.decode()
        assert paper.facts["address"] in page and reverse("certificate", args=[zone.code]) in page
        published = client.get(reverse("certificate", args=[zone.code])).content
        assert x509.load_pem_x509_certificate(published) == certificates.certificates(zone.code)[0]
        assert client.get(reverse("certificate", args=["nowhere"])).status_code == 404

    def test_the_whole_scanned_text_leads_there(self, licensed, client):
        paper = made(licensed)
        answer = client.get(reverse("verify"), {"code": paper.qr_text})
        assert answer.url == reverse("verified", args=[paper.verify_code])

    def test_takes_the_file(self, licensed, client):
        paper = made(licensed)
        file = SimpleUploadedFile("licence.pdf", content(paper))
        answer = client.post(reverse("verify"), {"file": file})
        assert answer.status_code == 200 and answer.context["result"] == "valid"
        changed = SimpleUploadedFile("licence.pdf", content(paper) + b" ")
        answer = client.post(reverse("verify"), {"file": changed})
        assert answer.status_code == 422 and answer.context["evidence"].errors["file"]

    def test_takes_the_signed_text(self, licensed, client):
        paper = made(licensed)
        answer = client.post(reverse("verify"), {"text": paper.qr_text})
        assert (
            answer.context["sealed"].uscc == paper.facts["uscc"]
            and answer.context["result"] == "valid"
        )
        answer = client.post(reverse("verify"), {"text": paper.qr_text[:-3]})
        assert answer.status_code == 422 and answer.context["evidence"].errors["text"]

    def test_asks_for_one_of_the_two(self, client, db):
        assert client.post(reverse("verify"), {}).status_code == 422
