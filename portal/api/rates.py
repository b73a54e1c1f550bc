"""How often programs may ask, counted as pages are."""

from django.conf import settings
from rest_framework.throttling import BaseThrottle

from kernel.accounts.addresses import address_of
from portal.rates import seconds_to_wait, whoever_asks


class Rate(BaseThrottle):
    wait_for = 0  # seconds

    def allow_request(self, request, view) -> bool:
        who, most = self.limit(request)
        self.wait_for = seconds_to_wait(f"api:{who}", most)
        return not self.wait_for

    def limit(self, request) -> tuple[str, int]:
        return whoever_asks(request, request.user)

    def wait(self) -> int:
        return self.wait_for


class LogInRate(Rate):
    """Each password that is checked costs the machine its time, so they are counted by address before they are."""

    def limit(self, request) -> tuple[str, int]:
        return f"log-in:{address_of(request)}", settings.MOST_A_MINUTE["log-in"]
