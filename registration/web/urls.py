"""The addresses of registration: the applicant's pages and the chief representative's window."""

from django.urls import include, path

urlpatterns = [
    path("", include("registration.web.applicant_urls")),
    path("window/", include("registration.web.window_urls")),
]
