from django.urls import path

from reviews import views

app_name = "reviews"
urlpatterns = [
    path("", views.results, name="results"),
    path("leave/", views.leave, name="leave"),
    path("leave/<str:number>/", views.leave_own, name="leave"),
]
