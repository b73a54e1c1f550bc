"""A mail server that never answers."""

from django.core.mail.backends.base import BaseEmailBackend


class Broken(BaseEmailBackend):
    def send_messages(self, messages):
        raise ConnectionRefusedError
