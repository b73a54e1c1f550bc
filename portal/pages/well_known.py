"""What programs ask of every site: robots.txt, and whom to tell of a hole (RFC 9116)."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from kernel.core.moment import now

PUBLIC = (
    "home",
    "guide",
    "standards",
    "services",
    "privacy",
    "accessibility",
    "public-figures",
    "trail-roots",
)
VALID = timedelta(days=180)
PLAIN = "text/plain; charset=utf-8"


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines find the pages for everybody, and neither forms nor cases nor codes."""
    lines = ["User-agent: *", "Disallow: /"]
    lines += [f"Allow: {reverse(name)}{'$' if name == 'home' else ''}" for name in PUBLIC]
    lines += [f"Allow: {settings.STATIC_URL}", ""]
    return HttpResponse("\n".join(lines), content_type=PLAIN)


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """404 where the operator named no contact."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {(now() + VALID):%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: zh, en",
        f"Canonical: {settings.SITE_ADDRESS}{reverse('security')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type=PLAIN)
