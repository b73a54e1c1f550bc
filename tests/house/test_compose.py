"""The compose file says what the code reads, and runs what the code needs."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from portal.settings import env
from tests.house.surroundings import PRODUCTION, answer

ROOT = Path(__file__).resolve().parents[2]
OURS = ["migrate", "web", "worker", "clocks", "messages", "beat"]


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def dockerfile() -> list[list[str]]:
    """The instructions of the Dockerfile, each as its words."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    return [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]


@pytest.fixture(scope="module")
def read_by_code() -> dict[str, bool]:
    return answer("production", "[settings.DEBUG, env.variables][1]", PRODUCTION)


def plain(name: str) -> str:
    return name.removesuffix("_FILE")


@pytest.mark.parametrize("service", OURS)
def test_each_variable_is_read_and_each_required_one_is_set(compose, read_by_code, service):
    given = {plain(name) for name in compose["services"][service]["environment"]} - {
        "DJANGO_SETTINGS_MODULE"
    }
    assert given <= set(read_by_code)
    without = {*env.stand_ins()} if service == "beat" else set()
    assert {name for name, required in read_by_code.items() if required} - without <= given
    assert not given & without


def test_what_operators_may_choose_reaches_the_containers(compose, read_by_code):
    """What the table of docs/operations.md offers is of no use where the compose file doesn't hand it on."""
    chosen = {
        name for name in read_by_code if re.match("STAFF_|METRICS_|DATABASE_[A-Z]+_SECONDS", name)
    }
    assert chosen and chosen <= set(compose["services"]["web"]["environment"])


@pytest.mark.parametrize("service", OURS)
def test_each_secret_file_is_mounted_from_a_declared_secret(compose, service):
    described = compose["services"][service]
    wanted = {value for name, value in described["environment"].items() if name.endswith("_FILE")}
    named_in_addresses = {"/run/secrets/inner_ca"}
    assert wanted | named_in_addresses == {
        f"/run/secrets/{secret}" for secret in described["secrets"]
    }
    assert set(described["secrets"]) <= set(compose["secrets"])


def test_the_image_sets_only_what_is_read(dockerfile, read_by_code):
    python = {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "DJANGO_SETTINGS_MODULE"}
    given = {word.split("=")[0] for words in dockerfile if words[0] == "ENV" for word in words[1:]}
    assert given - python <= set(read_by_code)


def test_the_settings_module_exists(compose):
    for service in OURS:
        assert (
            compose["services"][service]["environment"]["DJANGO_SETTINGS_MODULE"]
            == "portal.settings.production"
        )


def test_our_containers_can_write_nothing_but_volumes(compose, dockerfile):
    for service in OURS:
        described = compose["services"][service]
        assert (
            described["read_only"]
            and described["tmpfs"] == ["/tmp:size=1g"]
            and described["cap_drop"] == ["ALL"]
        )
    users = [words[1] for words in dockerfile if words[0] == "USER"]
    assert users and users[-1] not in {"root", "0"}


def test_volumes_are_declared_and_every_lasting_service_has_a_health_check(compose):
    for name, described in compose["services"].items():
        volumes = described.get("volumes", [])
        ours = [volume for volume in volumes if volume.startswith("./")]
        assert all(volume.endswith(":ro") for volume in ours)
        assert all(
            (ROOT / volume.split(":")[0]).exists() for volume in ours if "/secrets/" not in volume
        )
        mounted = {volume.split(":")[0] for volume in volumes if volume not in ours}
        assert mounted <= set(compose["volumes"])
        assert "healthcheck" in described or name == "migrate"
    assert "--appendonly yes" in " ".join(compose["services"]["redis"]["command"])


def test_the_image_installs_what_documents_need(dockerfile):
    words = {word for line in dockerfile for word in line}
    assert {
        "libpango-1.0-0",
        "libpangoft2-1.0-0",
        "libharfbuzz-subset0",
        "--require-hashes",
    } <= words


@pytest.mark.parametrize("service", ["web", "worker", "clocks", "messages", "beat"])
def test_commands_name_programs_and_applications_that_exist(compose, dockerfile, service):
    command = compose["services"][service].get("command")
    if command is None:
        text = next(" ".join(words[1:]) for words in reversed(dockerfile) if words[0] == "CMD")
        command = yaml.safe_load(text)
    program = Path(sys.executable).parent / command[0]
    assert program.exists()
    if command[0] == "gunicorn":
        assert importlib.import_module(command[1]).application
    else:
        assert importlib.import_module(command[command.index("--app") + 1]).celery_app


def test_commands_are_understood_by_their_programs(compose):
    for service in ("worker", "clocks", "beat"):
        command = compose["services"][service]["command"]
        known = subprocess.run(
            [Path(sys.executable).parent / command[0], command[3], "--help"],
            capture_output=True,
            text=True,
            cwd=ROOT,
        ).stdout
        for option in (word for word in command if word.startswith("--") and word != "--app"):
            assert option in known, f"celery {command[3]} knows no {option}"


def test_no_engine_is_open_and_none_of_ours_logs_in_as_superuser(compose):
    """Passwords stand in secrets alone; the superuser's is given to nobody but PostgreSQL itself."""
    services = compose["services"]
    assert not any("ports" in described for name, described in services.items() if name != "proxy")
    for engine in ("redis", "postgres"):
        command, mounted = " ".join(services[engine]["command"]), services[engine]["secrets"]
        assert set(re.findall(r"/run/secrets/(\w+)", command)) <= set(mounted)
    assert "/run/secrets/redis_conf" in services["redis"]["command"]
    assert "POSTGRES_USER" not in services["postgres"]["environment"]
    for name in OURS:
        described = services[name]
        assert "postgres_password" not in described["secrets"]
        assert "REDIS_URL_FILE" in described["environment"]
        assert ("DATABASE_URL_FILE" in described["environment"]) == (name != "beat")
        assert ("owner_url" in described["secrets"]) == (name == "migrate")


def test_what_says_when_knows_no_secret(compose):
    """And what takes requests has no key that signs licences."""
    services = compose["services"]
    assert set(services["beat"]["secrets"]) == {"redis_url", "inner_ca"}
    assert not services["beat"].get("volumes")
    signing = [
        name for name in OURS if any("secrets/signing" in v for v in services[name]["volumes"])
    ]
    assert signing == ["worker"]


def test_the_guide_writes_each_secret_that_the_compose_file_mounts(compose):
    guide = (ROOT / "docs/operations.md").read_text()
    assert {name for name in compose["secrets"] if name not in guide} == set()


def test_no_container_takes_the_memory_of_another(compose):
    """What it may have, its folders in memory among it, and how many processes."""
    for name, service in compose["services"].items():
        assert {"mem_limit", "pids_limit"} <= service.keys(), name
        room = _bytes(service["mem_limit"])
        sizes = re.findall(r"size=(\w+)", " ".join(service.get("tmpfs", ())))
        assert sum(map(_bytes, sizes)) <= room, name


def _bytes(written: str) -> int:
    return int(written[:-1]) * {"m": 2**20, "g": 2**30}[written[-1]]
