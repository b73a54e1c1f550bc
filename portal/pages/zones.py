"""Whose page it is, of those that everybody may open for each zone."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from kernel.accounts.models import Zone
from kernel.core import requested


def zone_asked_for(request: HttpRequest) -> Zone | None:
    """By its code in the address; the first where none is. Raises Http404 for a code that no zone has."""
    zones = Zone.objects.order_by("pk")
    code = requested.text(request, "zone")
    return get_object_or_404(zones, code=code) if code else zones.first()
