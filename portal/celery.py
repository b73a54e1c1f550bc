"""The Celery application. It only does the work: the database says what work there is."""

import logging.config
import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _log_as_django_does(**_unused: object) -> None:
    """One way of logging for all processes: Celery's own would write the text of exceptions."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
