"""What import-linter can't see: names of addresses, templates, template tags and modules in strings point downward."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.template import engines
from django.urls import URLPattern, get_resolver

from tests.house.surroundings import ROOTS

ROOT = Path(__file__).resolve().parents[2]
FLOORS = [
    ["portal"],
    [room for room in ROOTS if room not in ("portal", "kernel")],
    ["kernel.desks", "kernel.applicants"],
    ["kernel.cases"],
    ["kernel.standards"],
    ["kernel.names", "kernel.papers"],
    ["kernel.form"],
    ["kernel.catalogue"],
    ["kernel.bookings"],
    ["kernel.sla", "kernel.zone_words"],
    ["kernel.accounts"],
    ["kernel.core"],
]
FLOOR = {room: floor for floor, rooms in enumerate(reversed(FLOORS)) for room in rooms}
IN_TEMPLATES = re.compile(r"""{%\s*url\s+["']([\w:-]+)["']""")
IN_CODE = re.compile(r"""\b(?:reverse|reverse_lazy|redirect)\(\s*["']([\w:-]+)["']""")
TEMPLATE = re.compile(r"""["']([\w./-]+\.html)["']""")
LOADED = re.compile(r"{%\s*load\s+([\w\s]+?)\s*%}")
MODULE = re.compile(rf"({'|'.join(ROOTS)})(\.[a-z_]+)+")


def room_of(path: str) -> str:
    parts = path.replace(".", "/").split("/")
    return ".".join(parts[:2]) if parts[0] == "kernel" else parts[0]


def files(*endings: str) -> list[str]:
    folders = sorted({room.split(".")[0] for room in FLOOR})
    listed = subprocess.run(
        ["git", "ls-files", *folders], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [
        name
        for name in listed.splitlines()
        if name.endswith(endings) and "/migrations/" not in name
    ]


def owners_of_addresses(patterns=None, spaces=()) -> dict[str, str]:
    """Full name of an address → the room whose view answers there."""
    found = {}
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if not isinstance(pattern, URLPattern):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            found |= owners_of_addresses(pattern.url_patterns, inner)
        elif pattern.name:
            view = getattr(pattern.callback, "view_class", None) or getattr(
                pattern.callback, "cls", pattern.callback
            )
            found[":".join((*spaces, pattern.name))] = room_of(view.__module__)
    return found


def is_upward(room: str, owner: str) -> bool:
    """Strangers of one floor don't know each other either."""
    return owner in FLOOR and owner != room and FLOOR[owner] >= FLOOR[room]


def test_every_room_has_a_floor():
    rooms = {room_of(name) for name in files(".py")} - {"kernel.__init__"}
    assert rooms == set(FLOOR)


def test_names_of_addresses_point_downward():
    owners = owners_of_addresses()
    upward = []
    for name in files(".py", ".html"):
        text = (ROOT / name).read_text()
        upward += [
            f"{name}: {address} belongs to {owners[address]}"
            for address in sorted({*IN_TEMPLATES.findall(text), *IN_CODE.findall(text)})
            if is_upward(room_of(name), owners.get(address))
        ]
    assert not upward, "\n".join(upward)


def test_templates_and_tags_point_downward():
    homes = {
        name.split("/templates/")[1]: room_of(name)
        for name in files(".html")
        if "/templates/" in name
    }
    tags = {
        library: room_of(module) for library, module in engines["django"].engine.libraries.items()
    }
    upward = []
    for name in files(".py", ".html"):
        text = (ROOT / name).read_text()
        loaded = [library for group in LOADED.findall(text) for library in group.split()]
        used = {one: homes.get(one) for one in TEMPLATE.findall(text)} | {
            one: tags.get(one) for one in loaded
        }
        upward += [
            f"{name}: {one} belongs to {home}"
            for one, home in used.items()
            if is_upward(room_of(name), home)
        ]
    assert not upward, "\n".join(upward)


def test_modules_named_in_strings_stand_below():
    upward = [
        f"{name}:{node.lineno}: {node.value}"
        for name in files(".py")
        for node in ast.walk(ast.parse((ROOT / name).read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and MODULE.fullmatch(node.value)
        if is_upward(room_of(name), room_of(node.value))
        and (ROOT / node.value.replace(".", "/")).parent.exists()
        and (ROOT / f"{node.value.replace('.', '/')}.py").exists()
    ]
    assert not upward, "\n".join(upward)


@pytest.mark.parametrize("room", sorted(room for room in FLOOR if room != "portal"))
def test_no_room_is_too_large(room):
    """A room holds at most a quarter of the code; the licence desk at most twice the seals'."""
    lines = {name: len((ROOT / name).read_text().splitlines()) for name in files(".py")}
    of_room = {name: sum(n for path, n in lines.items() if room_of(path) == name) for name in FLOOR}
    assert of_room[room] * 4 <= sum(lines.values())
    assert of_room["registration"] <= 2 * of_room["seals"]


def test_each_app_of_the_product_is_a_room():
    for config in apps.get_app_configs():
        if config.name.split(".")[0] in {"kernel", "portal"}:
            assert room_of(config.name) in FLOOR
