"""Log lines as JSON. Personal data stays out: an exception is told by its type and its place, never by its text."""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

# What a line may add (`extra`): numbers and keys, never who.
FACTS = ("case", "user", "document", "kind", "notice", "tries", "clock", "failures", "count")


class JsonFormatter(logging.Formatter):
    """One object a line: time (UTC), level, logger, message, id of the request, for an exception its type and frames.

    The text of an exception is left out, since databases quote the offending row in it.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request := getattr(record, "correlation_id", None):  # set by the filter of the handler
            line["request"] = request
        line |= {name: getattr(record, name) for name in FACTS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            kind, error, trace = record.exc_info
            for words in filter(
                None, (repr(error), str(error))
            ):  # some loggers put them into their message
                line["message"] = line["message"].replace(words, kind.__name__)
            line["exception"] = kind.__name__
            line["frames"] = [
                f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace)
            ]
        return json.dumps(line, ensure_ascii=False)


def configuration(level: str) -> dict:
    """What `logging.config` is given: one handler, and the level below which nothing is said."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
            "json": {"()": "portal.logs.JsonFormatter"},
        },
        "filters": {"request_id": {"()": "django_guid.log_filters.CorrelationId"}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "plain",
                "filters": ["request_id"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django_guid": {
                "level": "ERROR"
            },  # it would tell of each request, and repeat a stranger's header
            "django.server": {"handlers": [], "level": "INFO", "propagate": True},
            "fontTools": {"level": "WARNING"},
            "pikepdf": {"level": "WARNING"},
            "pyhanko": {
                "level": "ERROR"
            },  # it would print a traceback where a signature isn't trusted, which we say
            "tencentcloud_sdk_common": {"level": "ERROR"},  # it would tell of requests, with phones
            "weasyprint": {"level": "ERROR"},
            "celery": {"level": "WARNING"},  # at INFO each sweep would leave lines every 5 s
        },
    }
