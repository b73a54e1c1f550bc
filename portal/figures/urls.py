from django.urls import path

from portal.figures import views

urlpatterns = [
    path("", views.figures, name="public-figures"),
    path("files/<slug:code>/all.zip", views.archive, name="daily-files-all"),
    path("files/<slug:code>/<str:name>", views.file, name="daily-files"),
]
