"""Addresses."""

app_name = "social_security"
urlpatterns = []
