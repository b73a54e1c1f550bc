"""From where somebody asks: what is counted by address counts by this."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

ONE_CONNECTION = 64  # bits of an IPv6 address that a provider gives to one connection; the rest its holder chooses


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks: what the outermost of our own proxies saw, never what the client claims."""
    hops = [
        hop.strip()
        for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if hop.strip()
    ]
    trusted = settings.TRUSTED_PROXIES
    if trusted and len(hops) >= trusted:
        return hops[-trusted]
    return request.META.get("REMOTE_ADDR", "")


def address_of(request: HttpRequest) -> str:
    """What counts as one address; empty where nobody knows. Of IPv6 it is the network that one connection has."""
    address = client_address(request)
    try:
        read = ip_address(address)
    except ValueError:
        return address
    if isinstance(read, IPv6Address) and not read.ipv4_mapped:
        return str(ip_network((read, ONE_CONNECTION), strict=False))
    return str(getattr(read, "ipv4_mapped", None) or read)
