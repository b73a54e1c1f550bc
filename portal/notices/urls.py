from django.urls import path

from portal.notices import views

app_name = "messages"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("read/", views.read_all, name="read-all"),
    path("<int:pk>/", views.open_case, name="open"),
]
