from django.urls import path

from portal.notices import mail_views, receipts, views

app_name = "messages"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("read/", views.read_all, name="read-all"),
    path("choices/", views.choose, name="choices"),
    path("mail/", mail_views.address, name="mail"),
    path("mail/code/", mail_views.code, name="mail-code"),
    path("mail/forget/", mail_views.forget, name="mail-forget"),
    path("receipts/", receipts.callback, name="receipts"),
    path("<int:pk>/digest/", views.digest, name="digest"),
    path("<int:pk>/", views.open_case, name="open"),
]
