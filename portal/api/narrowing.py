"""What the address of a list narrows it by. Programs get a refusal where people get the whole list."""

from collections.abc import Iterable

from rest_framework import serializers
from rest_framework.request import Request


def chosen(request: Request, name: str, among: Iterable[str]) -> str | None:
    """None where it isn't narrowed. Raises ValidationError for what is none of these."""
    value, known = request.query_params.get(name), list(among)
    if value is not None and value not in known:
        raise serializers.ValidationError({name: [f"one of {', '.join(known)}"]})
    return value
