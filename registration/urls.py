"""The addresses of the chief representative's window."""

from registration.web.window import WindowPages

app_name = "window"
urlpatterns = WindowPages().urls()
