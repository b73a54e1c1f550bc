"""The portal's addresses, and its error pages at addresses of their own, so that they can be looked at."""

from django.db import OperationalError
from django.shortcuts import render
from django.urls import include, path

handler500 = "portal.error_pages.broken"


def away(request):
    raise OperationalError("nobody listens")


urlpatterns = [
    path("errors/503/", away),
    path("errors/<int:code>/", lambda request, code: render(request, f"{code}.html", status=code)),
    path("errors/csrf/", lambda request: render(request, "403_csrf.html", status=403)),
    path("", include("portal.urls")),
]
