"""System checks: papers must be quick to make on this machine, print every name and be signed, or say why not."""

import os
from ctypes import CDLL
from ctypes.util import find_library

from django.conf import settings
from django.core.checks import Error
from django.core.checks import Warning as Caution

from kernel.papers import certificate_authority, certificates, keys
from kernel.papers.outlines import FULL_COLLECTIONS, WIDE

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
    """W101: without the library WeasyPrint silently subsets fonts in Python, and a page takes many times as long.
    W102: without the full font a rare character of a name is printed as an empty box, and no seal can have it.
    W103: the same of the wider font, which has nearly all characters of GB 18030-2022."""
    errors = []
    if not any(path.exists() for path in FULL_COLLECTIONS):
        errors.append(
            Caution(
                "The full Noto Serif CJK is missing: rare characters of names can't be printed.",
                hint="Install it: apt-get install fonts-noto-cjk (Debian, Ubuntu).",
                id="cases.W102",
            )
        )
    if not all(path.exists() for path in WIDE):
        errors.append(
            Caution(
                "Hanazono is missing: names with characters of Unicode's Extensions B to F wait at the window.",
                hint="Install it: apt-get install fonts-hanazono (Debian, Ubuntu).",
                id="cases.W103",
            )
        )
    if quick_subsetter_present():
        return errors
    return [
        *errors,
        Caution(
            "libharfbuzz-subset is missing: every PDF will take many times as long to make.",
            hint="Install it: apt-get install libharfbuzz-subset0 (Debian, Ubuntu), brew install harfbuzz (macOS).",
            id="cases.W101",
        ),
    ]


def check_signatures(app_configs, **kwargs):
    """E104: the suite can't sign here. W105: a key lies open. W106: our authority did not issue what a zone signs with,
    so its licences wait. A demonstration makes its own."""
    try:
        faults = keys.in_use().faults()
    except keys.NotSupported as error:
        faults = [str(error)]
    errors: list = [Error(fault, id="cases.E104") for fault in faults]
    if settings.DEMO:
        return errors
    advice = "docs/operations.md says how."
    errors += [
        Caution(
            f"{path.name} lies open: anybody who reads it can sign.", hint=advice, id="cases.W105"
        )
        for path in _readable([*certificates.folder().glob("*.key"), *_authority("*.key")])
        if not certificates.is_locked(path.read_bytes())
    ]
    for path in _readable(certificates.folder().glob("*.crt")):
        try:
            issued = certificate_authority.is_issued(certificates.read(path)[0])
        except certificates.NoCertificate:
            issued = False
        if not issued:
            text = f"Our authority did not issue the certificate in use of {path.name}: no licence is signed with it."
            errors.append(Caution(text, hint=advice, id="cases.W106"))
    return errors


def _authority(pattern: str):
    return certificate_authority.folder().glob(pattern)


def _readable(paths):
    return [path for path in sorted(paths) if os.access(path, os.R_OK)]
