"""Addresses."""

app_name = "seals"
urlpatterns = []
