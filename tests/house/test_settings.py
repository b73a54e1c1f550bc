"""Every settings module starts where it should, and says what is missing where it should not."""

import os
import subprocess
import sys

import pytest

from tests.house.surroundings import PRODUCTION, ROOT, answer, ask


@pytest.mark.parametrize(
    ("module", "environment"), [("base", PRODUCTION), ("production", PRODUCTION), ("test", {})]
)
def test_every_settings_module_is_imported(module, environment):
    assert answer(module, "settings.AUTH_USER_MODEL", environment) == "accounts.User"


@pytest.mark.parametrize("name", sorted(PRODUCTION))
def test_production_names_each_missing_variable(name):
    done = ask(
        "production",
        "settings.DEBUG",
        {key: value for key, value in PRODUCTION.items() if key != name},
    )
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode and f"must be set: {name}." in last


def test_production_does_not_read_the_secrets_of_the_source_tree():
    done = ask("production", "settings.DEBUG", {})
    assert "SECRET_KEY, FIELD_KEYS, BLIND_INDEX_KEY, TRAIL_KEYS" in done.stderr


def test_a_secret_may_come_from_a_file(tmp_path):
    mounted = tmp_path / "secret"
    mounted.write_text("f" * 60 + "\n")
    environment = {**PRODUCTION, "SECRET_KEY_FILE": str(mounted)}
    del environment["SECRET_KEY"]
    assert answer("production", "settings.SECRET_KEY", environment) == "f" * 60


def test_a_secret_file_that_is_not_there_is_named(tmp_path):
    done = ask(
        "production", "settings.DEBUG", {**PRODUCTION, "SECRET_KEY_FILE": str(tmp_path / "none")}
    )
    assert "SECRET_KEY_FILE names a file that can't be read" in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FIELD_KEYS", "k1"),
        ("FIELD_KEYS", "k1:c2hvcnQ="),
        ("BLIND_INDEX_KEY", "not base64!"),
        ("DATABASE_URL", "mysql://db/portal"),
        ("SAMPLE_MARK", "perhaps"),
        ("ADAPTERS", "perhaps"),
        ("TRUSTED_PROXIES", "one"),
    ],
)
def test_what_cannot_be_understood_is_named_and_not_printed(name, value):
    done = ask("production", "settings.DEBUG", {**PRODUCTION, name: value})
    last = done.stderr.strip().splitlines()[-1]
    assert (
        done.returncode
        and f"The environment variable {name} can't be understood" in last
        and value not in last
    )


def test_the_first_field_key_is_the_current_one():
    assert answer("production", "list(settings.FIELD_KEYS)", PRODUCTION) == ["k2", "k1"]


def test_cookies_of_production_are_bound_to_their_host():
    names = "[getattr(settings, name) for name in dir(settings) if name.endswith('_COOKIE_NAME')]"
    cookies = answer("production", names, PRODUCTION)
    assert len(cookies) >= 6 and all(name.startswith("__Host-") for name in cookies), cookies
    assert answer("production", "settings.SESSION_COOKIE_SECURE", PRODUCTION) is True


def test_uploads_are_closed_to_strangers_and_static_files_are_open_to_whoever_serves_them():
    """The image collects as root and serves as another user; uploads belong to the user of the server."""
    storages = "__import__('django.core.files.storage', fromlist=['storages']).storages"
    modes = f"[{storages}[name].file_permissions_mode for name in ('default', 'staticfiles')]"
    assert answer("production", modes, PRODUCTION) == [0o640, 0o644]


def in_production(*command: str, **environment: str) -> subprocess.CompletedProcess:
    """`manage.py command` with the settings of production."""
    surroundings = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "portal.settings.production",
        **PRODUCTION,
        "SANDBOXES": "all",
        **environment,
    }
    return subprocess.run(
        [sys.executable, "-W", "error", "manage.py", *command],
        cwd=ROOT,
        env=surroundings,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("command", ["load_demo", "demo_logins", "simulate"])
def test_production_has_no_command_of_the_demonstration(command):
    done = in_production(command)
    assert done.returncode and f"Unknown command: '{command}'" in done.stderr


def test_production_checks_itself_without_the_demonstration():
    done = in_production("check")
    assert done.returncode == 0, done.stderr


def test_production_does_not_start_with_a_sandbox_that_nobody_allowed():
    done = in_production("check", SANDBOXES="tax,seals")
    assert done.returncode and "no adapter, so nobody would be told: banking, " in done.stderr
    assert "tax" not in done.stderr.split("told: ")[1].split(". ")[0]


def test_a_demonstration_speaks_with_sandboxes():
    assert answer("production", "settings.SANDBOXES", {**PRODUCTION, "DEMO": "true"}) == ["all"]
    assert answer("production", "settings.SANDBOXES", PRODUCTION) == []


def test_adapters_are_named_one_by_one():
    named = {**PRODUCTION, "ADAPTERS": "tax=zibo.tax.Client, seals=zibo.police.Client"}
    assert answer("production", "settings.ADAPTERS", named) == {
        "tax": "zibo.tax.Client",
        "seals": "zibo.police.Client",
    }


def test_the_demonstration_is_installed_where_it_is_asked_for():
    installed = "'portal.demo' in settings.INSTALLED_APPS"
    assert answer("base", installed, PRODUCTION)
    assert not answer("base", installed, {**PRODUCTION, "DEMO": "false"})
    assert not answer("production", installed, PRODUCTION)
    assert answer("production", installed, {**PRODUCTION, "DEMO": "true"})
