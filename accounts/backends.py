"""Log-in by mobile phone or user name."""

from django.contrib.auth.backends import ModelBackend

from accounts.models import User
from accounts.privacy import blind_index


class PhoneOrNameBackend(ModelBackend):
    """Applicants type their phone, which is stored encrypted and found by its digest; staff type their user name."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        if not username or password is None or "\0" in username:  # PostgreSQL takes no NUL, so it is nobody's name
            return None
        by_phone = User.objects.filter(phone_index=blind_index(username), is_active=True).first()
        return super().authenticate(request, by_phone.username if by_phone else username, password, **kwargs)
