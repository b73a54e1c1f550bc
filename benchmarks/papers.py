"""What a paper costs: a licence cold and warm, as a ratio in one run, and whether a worker's memory stays flat.

Run: python benchmarks/papers.py [COUNT]     (200 licences; needs neither database nor Redis)
"""

import os
import resource
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
EARLY = 20


def set_up() -> None:
    from django.conf import settings

    templates = {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [ROOT / "templates"]}
    settings.configure(SITE_ADDRESS="http://localhost", SAMPLE_MARK=True, USE_I18N=False, TEMPLATES=[templates])
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


def main(count: int) -> None:
    set_up()
    from registration.documents import render
    from registration.papers.wording import words

    samples = words("samples")

    def licence(number: int) -> bytes:
        return render("licence", samples["licence"] | {"uscc": f"{number:018d}", "verify_code": f"B{number:011d}"})

    cold = timed(lambda: licence(0))
    warm, early = [], resident()
    for number in range(1, count + 1):
        warm.append(timed(lambda number=number: licence(number)))
        if number == EARLY:
            early = resident()
    late, middle = resident(), statistics.median(warm)
    worst = sorted(warm)[int(len(warm) * 0.95)]
    print(f"licence: cold {cold:.2f} s, warm p50 {middle:.3f} s, p95 {worst:.3f} s; cold ÷ warm {cold / middle:.1f}")
    print(f"memory: {early:.0f} MiB after {EARLY}, {late:.0f} MiB after {count}; ratio {late / early:.2f}")
    for kind in sorted(set(samples) - {"licence", "seal_receipt"}):
        seconds = [timed(lambda kind=kind: render(kind, samples[kind])) for _ in range(4)][1:]
        print(f"{kind}: {statistics.median(seconds):.3f} s, {statistics.median(seconds) / middle:.1f} of a licence")
    before = resident()
    rare = samples["licence"] | {"legal_representative": "\u9f98\u7228"}
    seconds = timed(lambda: render("licence", rare))
    print(f"a rare character: {seconds:.2f} s the first time, memory {before:.0f} to {resident():.0f} MiB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
