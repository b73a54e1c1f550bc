"""docs/security-asvs.md: each requirement of levels 1 and 2 once, with a test that exists or a reason.

And the few facts of settings and files that no other test holds."""

import ast
import json
import logging
import re
from collections.abc import Iterable
from functools import cache

import pytest

from portal.logs import JsonFormatter
from tests.house.surroundings import ROOT
from tests.house.test_settings import PRODUCTION, answer

TABLE = (ROOT / "docs/security-asvs.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (V[\d.]+) \| ([12]) \| (.+?) \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
REASONS = ("**Not applicable**: ", "**Operator**: ", "**Open**: ")
# Chapter → section → the numbers of level 1 or 2 (ASVS 5.0.0).
ASKED: dict[int, dict[int, Iterable[int]]] = {
    1: {1: range(1, 3), 2: range(1, 10), 3: range(1, 12), 4: range(1, 4), 5: range(1, 3)},
    2: {1: range(1, 4), 2: range(1, 4), 3: range(1, 5), 4: range(1, 2)},
    3: {2: range(1, 3), 3: range(1, 5), 4: range(1, 7), 5: range(1, 6), 7: range(1, 3)},
    4: {1: range(1, 4), 2: range(1, 2), 3: range(1, 3), 4: range(1, 5)},
    5: {1: range(1, 2), 2: range(1, 4), 3: range(1, 3), 4: range(1, 4)},
    6: {
        1: range(1, 4),
        2: range(1, 13),
        3: range(1, 5),
        4: range(1, 5),
        5: range(1, 6),
        6: range(1, 4),
        8: range(1, 5),
    },
    7: {
        1: range(1, 4),
        2: range(1, 5),
        3: range(1, 3),
        4: range(1, 6),
        5: range(1, 3),
        6: range(1, 3),
    },
    8: {1: range(1, 3), 2: range(1, 4), 3: range(1, 2), 4: range(1, 2)},
    9: {1: range(1, 4), 2: range(1, 5)},
    10: {
        1: range(1, 3),
        2: range(1, 3),
        3: range(1, 5),
        4: range(1, 12),
        5: range(1, 6),
        6: range(1, 3),
        7: range(1, 4),
    },
    11: {
        1: range(1, 3),
        2: range(1, 4),
        3: range(1, 4),
        4: range(1, 5),
        5: range(1, 2),
        6: range(1, 2),
    },
    12: {1: range(1, 4), 2: range(1, 3), 3: range(1, 5)},
    13: {1: range(1, 2), 2: range(1, 6), 3: range(1, 3), 4: range(1, 6)},
    14: {1: range(1, 3), 2: range(1, 5), 3: range(1, 4)},
    15: {1: range(1, 4), 2: range(1, 4), 3: range(1, 8)},
    16: {1: range(1, 2), 2: range(1, 6), 3: range(1, 5), 4: range(1, 4), 5: range(1, 4)},
    17: {1: range(1, 2), 2: range(1, 5), 3: range(1, 3)},
}
ROWS = ROW.findall(TABLE)


@cache
def functions_of(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_each_requirement_stands_there_once():
    wanted = [
        f"V{chapter}.{section}.{number}"
        for chapter, sections in ASKED.items()
        for section, numbers in sections.items()
        for number in numbers
    ]
    assert [number for number, *_rest in ROWS] == wanted
    assert len(wanted) == len(set(wanted)) == 253


@pytest.mark.parametrize(
    ("number", "how"), [(row[0], row[3]) for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_each_row_has_its_test_or_its_reason(number, how):
    named = TEST.findall(how)
    assert named or how.startswith(REASONS), how
    assert how.count("::") == len(named), "a test is named by its path"
    for path, name in named:
        assert (ROOT / path).is_file() and name in functions_of(path), f"{path}::{name}"


# Facts of settings and files -----------------------------------------------------------------------------------------


def test_every_key_of_production_is_in_the_list_of_keys():
    names = "[name for name in dir(settings) if name.endswith(('_KEY', '_KEYS'))]"
    for name in answer("production", names, PRODUCTION):
        assert name == "SIGNING_KEYS" or f"| `{name}` |" in TABLE, name
    assert "| a zone's key |" in TABLE  # the folder SIGNING_KEYS


def test_no_weak_hash_is_used():
    weak = re.compile(r"hashlib\.(md5|sha1)\b|hashes\.(MD5|SHA1)\b|new\([\"'](md5|sha1)")
    product = [
        ROOT / name for name in ("kernel", "portal", "registration", "banking", "seals", "tax")
    ]
    sources = [path for folder in product for path in folder.rglob("*.py")]
    assert len(sources) > 300
    assert not [path for path in sources if weak.search(path.read_text(encoding="utf-8"))]


def test_passwords_are_hashed_slowly():
    assert answer("production", "settings.PASSWORD_HASHERS[0]", PRODUCTION).endswith(
        "PBKDF2PasswordHasher"
    )


def test_the_proxy_speaks_present_tls():
    lines = (ROOT / "deploy/nginx.conf").read_text()
    assert re.findall(r"ssl_protocols ([^;]+);", lines) == ["TLSv1.2 TLSv1.3"]
    (suites,) = re.findall(r"ssl_ciphers ([^;]+);", lines)
    assert all(suite.startswith("ECDHE+") for suite in suites.split(":"))


def test_production_debugs_nothing():
    told = "[settings.DEBUG, settings.TEMPLATES[0]['OPTIONS'].get('debug', False), settings.DEMO]"
    assert answer("production", told, PRODUCTION) == [False, False, False]


def test_logs_go_to_one_place():
    handlers = "[handler['class'] for handler in settings.LOGGING['handlers'].values()]"
    assert answer("production", handlers, PRODUCTION) == ["logging.StreamHandler"]
    assert (
        answer("production", "settings.LOGGING['handlers']['console']['formatter']", PRODUCTION)
        == "json"
    )


def test_a_log_line_has_its_time_in_utc():
    record = logging.LogRecord("x", logging.INFO, __file__, 1, "words", None, None)
    assert json.loads(JsonFormatter().format(record))["time"].endswith("+00:00")
