"""Mail servers that fail."""

from threading import Event

from django.core.mail.backends.base import BaseEmailBackend

LET = Event()  # until then a server that hangs doesn't answer


class Broken(BaseEmailBackend):
    def send_messages(self, messages):
        raise ConnectionRefusedError


class Hangs(BaseEmailBackend):
    def send_messages(self, messages):
        LET.wait(30)
        return len(messages)
