"""The fonts of rare characters, which a page's script asks for where a name needs one (`static/js/rare.js`)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from kernel.papers.outlines import MissingGlyph
from kernel.papers.web_fonts import font_of

YEAR = 365 * 24 * 60 * 60  # seconds


@require_safe
@cache_control(public=True, max_age=YEAR, immutable=True)
def font(request: HttpRequest, code: str) -> HttpResponse:
    """404 for what is no rare character, and for one that no font here has."""
    try:
        return HttpResponse(font_of(int(code, 16)), content_type="font/woff")
    except (ValueError, OverflowError, MissingGlyph):
        raise Http404 from None
