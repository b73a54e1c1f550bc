"""What workers do for notices. The database says what is due; a task may run twice or never at a given try."""

from celery import shared_task

from portal.notices import digest, receipts, sending_out, settling, trail


@shared_task
def send_out() -> int:
    """Decide by which channels what is due goes; returns how many notices were looked at."""
    return sending_out.send_out()


@shared_task
def ask_receipts() -> int:
    """Ask a carrier that doesn't call back what became of its texts; returns how many it told of."""
    return receipts.ask()


@shared_task
def write_trail() -> int:
    """Write on the trail of each case who was told, and who couldn't be; returns how many."""
    return trail.write()


@shared_task
def digests() -> int:
    """Let go of what is settled, and tell whose digest is due; returns how many people were told."""
    settling.settle()
    digest.settle()
    return digest.send()
