from django.urls import path

from portal.own_account import joining, own, site, window

urlpatterns = [
    path("register/", joining.register, name="register"),
    path("register/code/", joining.register_code, name="register-code"),
    path("register/name/", joining.register_name, name="register-name"),
    path("account/recover/", joining.recover, name="recover"),
    path("account/recover/code/", joining.recover_code, name="recover-code"),
    path("account/recover/name/", joining.recover_name, name="recover-name"),
    path("account/site/", site.begin, name="site"),
    path("account/site/answer/", site.answer, name="site-answer"),
    path("account/profile/", own.profile, name="profile"),
    path("account/phone/", own.phone, name="own-phone"),
    path("account/phone/code/", own.phone_code, name="own-phone-code"),
    path("account/phone/proved/", own.phone_proved, name="own-phone-proved"),
    path("account/name/", own.name, name="own-name"),
    path("account/password/", own.password, name="own-password"),
    path("account/sessions/", own.end_sessions, name="own-sessions"),
    path("account/copy/", own.data, name="own-data"),
    path("account/close/", own.close, name="close-account"),
    path("account/window/", window.card, name="account-window"),
    path("account/window/code/", window.code, name="account-window-code"),
]
