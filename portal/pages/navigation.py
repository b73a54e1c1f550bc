"""What stands in the bars: one table for the public, one for each role. A page that is not installed is left out."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

PUBLIC = [
    ("home", _("Home")),
    ("guide", _("Guide")),
    ("standards", _("Review standards")),
    ("progress", _("Track progress")),
    ("verify", _("Verify a licence")),
    ("reviews:results", _("Reviews")),
]

STAFF = {
    "chief_representative": [
        ("window:queue", _("Window")),
        ("window:search", _("Find a case")),
        ("standards", _("Review standards")),
    ],
    "engraver": [
        ("seals:queue", _("Seals")),
        ("seals:search", _("Find a case")),
        ("seals:ledger", _("Subsidy ledger")),
    ],
    "tax_officer": [("tax:queue", _("Tax")), ("tax:search", _("Find a case"))],
    "social_security_officer": [
        ("social_security:queue", _("Social security")),
        ("social_security:search", _("Find a case")),
    ],
    "bank_officer": [("banking:queue", _("Bank")), ("banking:search", _("Find a case"))],
    "supervisor": [
        ("supervision:live", _("Live")),
        ("supervision:search", _("Find a case")),
        ("supervision:breaches", _("Breaches")),
        ("supervision:escalations", _("Escalations")),
        ("supervision:reviews", _("Review follow-ups")),
    ],
    "administrator": [("admin:index", _("Administration")), ("supervision:live", _("Live"))],
}


def _current(request, name):
    match = request.resolver_match
    return match is not None and match.view_name == name


def _links(request, table):
    links = []
    for name, label in table:
        try:
            links.append({"url": reverse(name), "label": label, "current": _current(request, name)})
        except NoReverseMatch:
            continue
    return links


def public(request):
    return _links(request, PUBLIC)


def staff(request):
    return _links(request, STAFF.get(getattr(request.user, "role", None), []))
