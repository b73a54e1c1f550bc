"""The addresses of the social security desk."""

from social_security.views import SocialSecurityPages

app_name = "social_security"
urlpatterns = SocialSecurityPages().urls()
