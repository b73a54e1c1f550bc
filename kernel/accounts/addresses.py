"""From where somebody asks: what the brakes count by."""

from axes.helpers import get_client_ip_address
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """As the brakes of the log-in read it, the setting AXES_CLIENT_IP_CALLABLE; empty where nobody knows."""
    return get_client_ip_address(request) or ""
