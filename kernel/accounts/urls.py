from django.contrib.auth.views import LogoutView
from django.urls import path

from kernel.accounts import passkeys, step_views, views

urlpatterns = [
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("stay/", views.stay, name="stay"),
    path("unsent/drop/", views.drop_unsent, name="drop-unsent"),
    path("work/", views.work, name="work"),
    path("second-step/", step_views.give_code, name="second-step"),
    path("second-step/set-up/", step_views.set_up, name="second-step-set-up"),
    path("second-step/again/", step_views.once_more, name="second-step-again"),
    path("second-step/enrol/<str:token>/", step_views.enrol, name="enrol"),
    path("second-step/passkey/making/", passkeys.BeginMaking.as_view(), name="passkey-making"),
    path("second-step/passkey/made/", passkeys.CompleteMaking.as_view(), name="passkey-made"),
    path("second-step/passkey/using/", passkeys.BeginUsing.as_view(), name="passkey-using"),
    path("second-step/passkey/used/", passkeys.CompleteUsing.as_view(), name="passkey-used"),
    path("second-step/passkey/<int:pk>/remove/", step_views.remove_passkey, name="passkey-remove"),
    path("second-step/recovery-codes/", step_views.recovery_codes, name="recovery-codes"),
]
