from django.urls import path

from portal.words import views

app_name = "words"
urlpatterns = [
    path("", views.own, name="own"),
    path("<slug:zone>/", views.listing, name="list"),
    path("<slug:zone>/answers/", views.answers, name="answers"),
    path("<slug:zone>/<str:place>/", views.show, name="place"),
    path("<slug:zone>/<str:place>/discard/", views.discard, name="discard"),
    path("<slug:zone>/<str:place>/ask/", views.ask, name="ask"),
]
