"""The installation's certificate authority and the zones' certificates. Run it where the signing keys may be written.

manage.py certificates authority --name NAME --who WHO       make the authority, once
manage.py certificates issue ZONE --who WHO                  a certificate for the zone's key, which is made if missing
manage.py certificates renew ZONE --who WHO                  a new key and certificate; the earlier ones still verify
manage.py certificates revoke ZONE --reason key --who WHO    take the one in use back (--serial names an earlier one)
manage.py certificates timestamps --who WHO                  key and certificate of the time stamps that a sandbox makes
manage.py certificates list                                  make the list of revoked certificates anew
manage.py certificates lock                                  put keys that lie open under their passwords
manage.py certificates show                                  what there is, and until when
"""

from datetime import datetime

from cryptography import x509
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import is_naive, localtime, make_aware

from kernel.accounts.models import Zone
from kernel.cases import certificate_register as register
from kernel.cases.models import CertificateEvent, RevocationList
from kernel.core.certain import certain
from kernel.papers import certificate_authority as authority
from kernel.papers import certificates
from kernel.papers.certificates import NoCertificate

Kind = CertificateEvent.Kind


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True)
        made = verbs.add_parser("authority")
        made.add_argument("--name", required=True, help="what stands in the certificate")
        by_zone = [verbs.add_parser(verb) for verb in ("issue", "renew", "revoke")]
        for each in by_zone:
            each.add_argument("zone", help="the zone's code")
        revoke = by_zone[-1]
        revoke.add_argument("--serial", help="in hexadecimal; the one in use otherwise")
        revoke.add_argument("--reason", required=True, choices=sorted(register.REASONS))
        revoke.add_argument(
            "--since", help="from which moment it can't be trusted (ISO 8601); now otherwise"
        )
        for each in (made, *by_zone, verbs.add_parser("timestamps")):
            each.add_argument("--who", required=True, help="who does this; it goes on record")
        for verb in ("list", "lock", "show"):
            verbs.add_parser(verb)

    def handle(self, *, verb, **options):
        try:
            getattr(self, f"_{verb}")(options)
        except (NoCertificate, OSError) as error:
            raise CommandError(str(error)) from error

    def _authority(self, options):
        if authority.path_of("ca.crt").exists():
            raise CommandError("There is an authority already; its certificate is ca.crt.")
        made = authority.make(options["name"])
        register.record(Kind.AUTHORITY, made, who=options["who"])
        register.make_list()
        self._told(made, "The authority was made")
        self.stdout.write("Keep a copy of ca.key and its password off this machine.")

    def _issue(self, options):
        zone = self._zone(options)
        made = authority.issue(zone.code, zone.authority_name)
        register.record(Kind.ISSUED, made, who=options["who"], zone=zone)
        self._told(made, f"{zone.code} has a certificate")

    def _renew(self, options):
        zone = self._zone(options)
        made = authority.renew(zone.code, zone.authority_name)
        register.record(Kind.ISSUED, made, who=options["who"], zone=zone)
        self._told(made, f"{zone.code} has a new key")

    def _revoke(self, options):
        zone = self._zone(options)
        known = certificates.certificates(zone.code)
        wanted = options["serial"]
        chosen = [entry for entry in known if wanted in (None, f"{entry.serial_number:x}")]
        if not chosen or not authority.is_issued(chosen[0]):
            raise CommandError(
                "The authority can take back only what it issued; this certificate isn't among that."
            )
        since = _moment(options["since"]) if options["since"] else None
        try:
            event = register.revoke(
                chosen[0],
                reason=options["reason"],
                who=options["who"],
                zone=zone,
                since=since,
            )
        except register.AlreadyRevoked as error:
            raise CommandError(f"Certificate {error} was revoked before.") from error
        moment = certain(event.since).isoformat()
        self.stdout.write(f"Certificate {event.serial} is revoked since {moment}.")
        if chosen[0] == known[0]:
            self.stdout.write(f"No paper is signed with it: give {zone.code} a new one by renew.")

    def _timestamps(self, options):
        made = authority.issue_timestamps()
        if not CertificateEvent.objects.filter(serial=f"{made.serial_number:x}").exists():
            register.record(Kind.ISSUED, made, who=options["who"])
        self._told(made, "Time stamps have a certificate")

    def _list(self, options):
        row = register.make_list()
        self.stdout.write(f"List {row.number} counts until {row.ends_at.isoformat()}.")

    def _lock(self, options):
        for path, password, name in _key_files():
            if certificates.is_locked(path.read_bytes()):
                continue
            if not password:
                raise CommandError(f"{name} is not set, so {path} can't be put under it.")
            key = certificates.read_key(path, "")
            certificates.replace(path, certificates.as_pem(key, password))
            self.stdout.write(f"{path.name} lies under its password now.")

    def _show(self, options):
        for entry in authority.own():
            self._told(entry, f"Authority {authority.key_id(entry)}")
        for row in RevocationList.objects.order_by("issuer"):
            self.stdout.write(f"List {row.number} of {row.issuer}: until {row.ends_at.isoformat()}")
        revoked = {entry.serial for entry in register.revoked()}
        for zone in Zone.objects.order_by("code"):
            for entry in certificates.certificates(zone.code):
                standing = "self-signed" if not authority.is_issued(entry) else "issued"
                standing = "revoked" if entry.serial_number in revoked else standing
                self._told(entry, f"{zone.code}, {standing}")

    def _told(self, certificate: x509.Certificate, what: str) -> None:
        until = localtime(certificate.not_valid_after_utc)
        self.stdout.write(f"{what}: {certificate.serial_number:x}, until {until:%Y-%m-%d}.")

    def _zone(self, options) -> Zone:
        try:
            return Zone.objects.get(code=options["zone"])
        except Zone.DoesNotExist as error:
            raise CommandError(f"There is no zone with the code {options['zone']}.") from error


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text} is no moment such as 2026-11-30T09:00+08:00.") from error
    return make_aware(moment) if is_naive(moment) else moment


def _key_files():
    """Each file that holds a key, the password that it belongs under, and the setting's name."""
    for path in sorted(certificates.folder().glob("*.key")):
        yield path, settings.SIGNING_PASSWORD, "SIGNING_PASSWORD"
    for path in sorted(authority.folder().glob("*.key")):
        is_ca = path.name == "ca.key"
        password = settings.AUTHORITY_PASSWORD if is_ca else settings.SIGNING_PASSWORD
        yield path, password, "AUTHORITY_PASSWORD" if is_ca else "SIGNING_PASSWORD"
