from django.urls import path

from portal.proposals import views

app_name = "proposals"
urlpatterns = [
    path("", views.listing, name="list"),
    path("<uuid:uid>/", views.show, name="show"),
    path("<uuid:uid>/agree/", views.agree, name="agree"),
    path("<uuid:uid>/refuse/", views.refuse, name="refuse"),
    path("<uuid:uid>/withdraw/", views.withdraw, name="withdraw"),
]
