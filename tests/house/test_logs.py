"""Log lines hold no personal data, even where a database quotes the row that it refused."""

import json
import logging
import sys

from portal.logs import JsonFormatter


def test_the_text_of_an_exception_stays_out():
    try:
        raise ValueError("Key (phone)=(13800000426) already exists")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, __file__, 1, "Task failed: %s %r", (error, error), sys.exc_info()
        )
    text = JsonFormatter().format(record)
    line = json.loads(text)
    assert "13800000426" not in text
    assert (
        line["exception"] == "ValueError"
        and line["message"] == "Task failed: ValueError ValueError"
    )
    assert any("test_logs.py" in frame for frame in line["frames"])
