"""The addresses of the licence desk: the chief representative's window, and what becomes of a licence afterwards."""

from django.urls import include, path

from registration import licence_views
from registration.views import WindowPages

urlpatterns = [
    path("licences/<str:number>/", licence_views.show, name="licence"),
    path("licences/<str:number>/reissue/", licence_views.reissue, name="licence-reissue"),
    path("licences/<str:number>/revoke/", licence_views.revoke, name="licence-revoke"),
    path("window/", include((WindowPages().urls(), "window"))),
]
