"""Addresses."""

app_name = "tax"
urlpatterns = []
