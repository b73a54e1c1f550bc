"""Settings of the processes that these tests start: their files go where the tests' own go."""

import os

from portal.settings.test import *  # noqa: F403

MEDIA_ROOT = os.environ["MEDIA_ROOT"]
