from django.urls import path

from portal.notices import mail_views, receipts, views
from portal.notices.webhooks import views as webhook_views

app_name = "messages"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("read/", views.read_all, name="read-all"),
    path("choices/", views.choose, name="choices"),
    path("mail/", mail_views.address, name="mail"),
    path("mail/code/", mail_views.code, name="mail-code"),
    path("mail/forget/", mail_views.forget, name="mail-forget"),
    path("webhook/", webhook_views.page, name="webhook"),
    path("webhook/address/", webhook_views.address, name="webhook-address"),
    path("webhook/proof/", webhook_views.proof, name="webhook-proof"),
    path("webhook/kinds/", webhook_views.choose, name="webhook-kinds"),
    path("webhook/take-away/", webhook_views.take_away, name="webhook-take-away"),
    path("webhook/example/", webhook_views.example, name="webhook-example"),
    path("receipts/", receipts.callback, name="receipts"),
    path("<int:pk>/digest/", views.digest, name="digest"),
    path("<int:pk>/", views.open_case, name="open"),
]
