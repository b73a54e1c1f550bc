"""What somebody does at once in two tabs, or presses twice, is done one after the other."""

from kernel.accounts.models import User


def one_at_a_time(account_id: int) -> None:
    """Until the transaction ends whatever else asks for the same account here waits; rows that point to it don't."""
    User.objects.select_for_update(no_key=True).get(pk=account_id)
