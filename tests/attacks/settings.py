"""Production's settings for the server that is attacked: nobody has collected static files for it."""

import os

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from portal.settings.production import *  # noqa: F403
from portal.settings.production import STORAGES

STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = os.environ["MEDIA_ROOT"]


class Quicker(PBKDF2PasswordHasher):
    """A log-in still takes long enough for others to come meanwhile, and two cores carry hundreds."""

    iterations = 100_000


PASSWORD_HASHERS = ["tests.attacks.settings.Quicker"]
