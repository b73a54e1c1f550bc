"""The addresses of registration: the applicant's pages and the chief representative's window."""

from django.urls import include, path

from registration.web import licences

urlpatterns = [
    path("", include("registration.web.applicant_urls")),
    path("licences/<str:number>/", licences.show, name="licence"),
    path("licences/<str:number>/reissue/", licences.reissue, name="licence-reissue"),
    path("licences/<str:number>/revoke/", licences.revoke, name="licence-revoke"),
    path("window/", include("registration.web.window_urls")),
]
