"""Check a licence's PDF, or what its QR code says, against the certificates of the zones: no network, no database.

manage.py verify_licence licence.pdf
manage.py verify_licence --qr "https://…/verify/…/#…" --certificate zone.crt
"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from kernel.papers import certificates, licence_code, pades


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, help="the PDF as it was downloaded")
        parser.add_argument("--qr", help="what the QR code says")
        parser.add_argument(
            "--certificate",
            type=Path,
            action="append",
            help="a zone's published certificate (PEM), as often as wanted; those of this installation otherwise",
        )

    def handle(self, *, file, qr, certificate, **options):
        if bool(file) == bool(qr):
            raise CommandError("Give the PDF, or --qr with what the QR code says; one of the two.")
        try:
            known = [
                trusted for path in certificate or () for trusted in certificates.read(path)
            ] or certificates.everybodys()
        except certificates.NoCertificate as error:
            raise CommandError(str(error)) from error
        if not known:
            raise CommandError("No certificate to check against: give one with --certificate.")
        self._pdf(file, known) if file else self._qr(qr, known)

    def _pdf(self, file: Path, known: list) -> None:
        try:
            signed = pades.check(file.read_bytes(), known)
        except OSError as error:
            raise CommandError(str(error)) from error
        if signed is None:
            raise CommandError(
                f"{file} carries no signature that can be read: it is no licence, or broken."
            )
        if not signed.intact:
            raise CommandError(f"{file} was changed after it was signed by {signed.signer}.")
        if not signed.trusted:
            raise CommandError(
                f"{file} was signed by {signed.signer}, whose certificate is none of those given."
            )
        moment = signed.at.isoformat() if signed.at else "at a moment that it doesn't say"
        self.stdout.write(f"Genuine and unchanged: signed by {signed.signer}, {moment}.")
        self.stdout.write(
            "Whether it is still in force, only the register knows: see its verify page."
        )

    def _qr(self, text: str, known: list) -> None:
        try:
            sealed = licence_code.opened(text, known)
        except licence_code.NotGenuine as error:
            raise CommandError("None of the certificates' keys signed this text.") from error
        self.stdout.write(f"Genuine: signed with {sealed.certificate.subject.rfc4514_string()}.")
        for name in ("code", "uscc", "company_name", "head", "issued_on", "copy"):
            self.stdout.write(f"  {name}: {getattr(sealed, name)}")
