"""Check a licence's PDF, or what its QR code says, against the certificates of the zones: no network, no database.

manage.py verify_licence licence.pdf
manage.py verify_licence --qr "https://…/verify/…/#…" --certificate zone.crt
"""

from pathlib import Path

from cryptography import x509
from django.core.management.base import BaseCommand, CommandError

from kernel.papers import certificates, licence_code, pades, signature_check, trust


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
        parser.add_argument(
            "--time-stamps",
            type=Path,
            action="append",
            help="the certificate (PEM) of whoever stamps the time otherwise; it is trusted for time stamps alone",
        )
        parser.add_argument(
            "--revoked",
            type=Path,
            action="append",
            help="the authority's published list of what it revoked (.crl)",
        )

    def handle(self, *, file, qr, certificate, time_stamps, revoked, **options):
        if bool(file) == bool(qr):
            raise CommandError("Give the PDF, or --qr with what the QR code says; one of the two.")
        try:
            known = _each(certificates.read, certificate)
            stampers = _each(certificates.read_strangers, time_stamps)
        except certificates.NoCertificate as error:
            raise CommandError(str(error)) from error
        if not certificate:
            known = trust.known()
            stampers += trust.stampers()
        if not known:
            raise CommandError("No certificate to check against: give one with --certificate.")
        lists = [_list(path, known) for path in revoked or ()]
        self._pdf(file, known, stampers, lists) if file else self._qr(qr, known, lists)
        if not lists:
            self.stdout.write(
                "Whether a certificate was revoked since, its authority's list says: give it with --revoked."
            )

    def _pdf(self, file: Path, known: list, stampers: list, lists: list[bytes]) -> None:
        try:
            roots = trust.roots(known, lists)
            signed = pades.check(file.read_bytes(), roots, lists, stampers)
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
                f"{file} was signed by {signed.signer}, for whom none of those given vouches."
            )
        if not signed.holds:
            raise CommandError(f"{file} can't be relied on: {self._why(signed)}.")
        moment = signed.stamped_at or signed.at
        told = moment.isoformat() if moment else "at a moment that it doesn't say"
        by_whom = f"time stamp of {signed.stamped_by}" if signed.stamped_at else "by its own clock"
        self.stdout.write(f"Genuine and unchanged: signed by {signed.signer}, {told} ({by_whom}).")
        proof = "holds" if signed.lasts else "does not hold"
        self.stdout.write(f"The file {proof} the proof that its certificates were in force then.")
        self.stdout.write(
            "Whether it is still in force, only the register knows: see its verify page."
        )

    def _why(self, signed) -> str:
        if signed.stamp == signature_check.BAD:
            return "its time stamp is not genuine"
        if signed.standing == signature_check.BEFORE:
            return f"the certificate is revoked since {signed.revoked_since}"
        return f"the certificate ended on {signed.until}, and no time stamp shows that it was signed before"

    def _qr(self, text: str, known: list, lists: list[bytes]) -> None:
        try:
            sealed = licence_code.opened(text, known)
        except licence_code.NotGenuine as error:
            raise CommandError("None of the certificates' keys signed this text.") from error
        if since := trust.revoked_since(sealed.certificate, known, lists):
            raise CommandError(
                f"Its certificate is revoked since {since}, and a QR code doesn't show when it was signed."
            )
        self.stdout.write(f"Genuine: signed with {sealed.certificate.subject.rfc4514_string()}.")
        for name in ("code", "uscc", "company_name", "head", "issued_on", "copy"):
            self.stdout.write(f"  {name}: {getattr(sealed, name)}")


def _each(read, paths: list[Path] | None) -> list:
    return [entry for path in paths or () for entry in read(path)]


def _list(path: Path, known: list[x509.Certificate]) -> bytes:
    """A list that one of the known certificates vouches for: any other would be passed over in silence."""
    try:
        content = path.read_bytes()
        listing = x509.load_der_x509_crl(content)
    except (OSError, ValueError) as error:
        raise CommandError(f"{path}: {error}") from error
    if not any(signature_check.made(listing, issuer) for issuer in known):
        raise CommandError(
            f"{path}: none of the certificates made it; give its authority's with --certificate."
        )
    return content
