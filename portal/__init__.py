"""The Django project, and everything that looks at all departments at once."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
