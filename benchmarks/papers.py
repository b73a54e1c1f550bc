"""What a paper costs: a signed licence cold and warm, beside its parts in one run, and whether memory stays flat.

Run: python benchmarks/papers.py [COUNT]     (200 licences; needs neither database nor Redis)
"""

import os
import resource
import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
EARLY = 20
ZONE, AUTHORITY = "benchmark", "Benchmark"


def set_up(keys: str) -> None:
    from django.conf import settings

    templates = {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
    }
    settings.configure(
        SITE_ADDRESS="http://localhost",
        SAMPLE_MARK=True,
        USE_I18N=False,
        TEMPLATES=[templates],
        SIGNING_KEYS=keys,
    )
    import django

    django.setup()


def resident() -> float:
    """MiB of this process in memory now (Linux), or at its peak elsewhere."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10


def timed(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def at(seconds: list[float], percent: int) -> float:
    return sorted(seconds)[int(len(seconds) * percent / 100)]


def main(count: int) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding

    from kernel.papers import certificate_authority, keys, licence_code, pades
    from kernel.papers.documents import render
    from kernel.papers.wording import SAMPLES

    certificate_authority.make_for_demo(ZONE, AUTHORITY)
    lists = [certificate_authority.revocation_list([], 1).public_bytes(Encoding.DER)]
    parts: dict[str, list[float]] = {"print": [], "sign": []}

    def licence(number: int) -> None:
        """As `kernel.cases.issuing` makes one: the QR code's text, the pages, the signature."""
        facts = SAMPLES["licence"] | {"uscc": f"{number:018d}", "verify_code": f"{number:032x}"}
        text = licence_code.text(facts, partial(keys.sign, ZONE))
        pages: list[bytes] = []
        parts["print"].append(timed(lambda: pages.append(render("licence", facts, qr_text=text))))
        parts["sign"].append(timed(lambda: pades.sign(pages[0], ZONE, AUTHORITY, lists)))

    cold = timed(lambda: licence(0))
    parts["print"].clear(), parts["sign"].clear()
    warm, worked, early = [], [], resident()
    for number in range(1, count + 1):
        began = time.process_time()
        warm.append(timed(lambda number=number: licence(number)))
        worked.append(time.process_time() - began)
        if number == EARLY:
            early = resident()
    late, middle = resident(), statistics.median(warm)
    print(f"signed licence: cold {cold:.2f} s, {cold / middle:.1f} of a warm one")
    print(
        f"  warm p50 {middle:.3f} s, p95 {at(warm, 95):.3f} s; processor time p50 {statistics.median(worked):.3f} s"
    )
    for name, seconds in parts.items():
        print(
            f"  of it {name}: p50 {statistics.median(seconds):.3f} s, {statistics.median(seconds) / middle:.0%}"
        )
    print(
        f"memory: {early:.0f} MiB after {EARLY}, {late:.0f} MiB after {count}; ratio {late / early:.2f}"
    )
    for kind in sorted(set(SAMPLES) - {"licence", "seal_receipt"}):
        seconds = [timed(lambda kind=kind: render(kind, SAMPLES[kind])) for _ in range(4)][1:]
        print(
            f"{kind}: {statistics.median(seconds):.3f} s, {statistics.median(seconds) / middle:.1f} of a licence"
        )
    before = resident()
    rare = SAMPLES["licence"] | {"legal_representative": "\u9f98\u7228"}
    seconds = timed(lambda: render("licence", rare))
    print(
        f"a rare character: {seconds:.2f} s the first time, memory {before:.0f} to {resident():.0f} MiB"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        set_up(folder)
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
