"""System check: papers must be quick to make on this machine, or say why not."""

from ctypes import CDLL
from ctypes.util import find_library

from django.core.checks import Warning as Caution

NAMES = ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset-0.dll")


def quick_subsetter_present() -> bool:
    """Whether HarfBuzz's subsetter can be loaded, as WeasyPrint looks for it."""
    for name in (*NAMES, find_library("harfbuzz-subset")):
        try:
            if name and CDLL(name):
                return True
        except OSError:
            continue
    return False


def check_papers(app_configs, **kwargs):
    """W101: without the library WeasyPrint silently subsets fonts in Python, and a page takes many times as long."""
    if quick_subsetter_present():
        return []
    return [
        Caution(
            "libharfbuzz-subset is missing: every PDF will take many times as long to make.",
            hint="Install it: apt-get install libharfbuzz-subset0 (Debian, Ubuntu), brew install harfbuzz (macOS).",
            id="registration.W101",
        )
    ]
