from django.contrib.auth.views import LogoutView
from django.urls import path

from kernel.accounts import step_views, views

urlpatterns = [
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("stay/", views.stay, name="stay"),
    path("unsent/drop/", views.drop_unsent, name="drop-unsent"),
    path("work/", views.work, name="work"),
    path("second-step/", step_views.give_code, name="second-step"),
    path("second-step/set-up/", step_views.set_up, name="second-step-set-up"),
    path("second-step/again/", step_views.once_more, name="second-step-again"),
    path("second-step/recovery-codes/", step_views.recovery_codes, name="recovery-codes"),
]
