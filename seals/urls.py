"""The addresses of the seals' desk, and of the impressions as files."""

from seals.views import SealsPages

app_name = "seals"
urlpatterns = SealsPages().urls()
