from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts import views

urlpatterns = [
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("stay/", views.stay, name="stay"),
    path("work/", views.work, name="work"),
    path("profile/", views.profile, name="profile"),
]
