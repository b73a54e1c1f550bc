"""Addresses."""

app_name = "banking"
urlpatterns = []
