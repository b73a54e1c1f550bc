"""A task for a worker of a test: it never ends, and says in Redis that it has begun."""

import time

import redis
from celery import shared_task
from django.conf import settings

BEGUN = "tests:never-ends"


@shared_task
def hold():
    with redis.Redis.from_url(settings.REDIS_URL) as kept:
        kept.incr(BEGUN)
    while True:
        time.sleep(1)


TASK = hold.name


def begun(address: str) -> int:
    with redis.Redis.from_url(address) as kept:
        return int(kept.get(BEGUN) or 0)
