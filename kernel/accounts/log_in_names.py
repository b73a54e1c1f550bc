"""The one reading of the name that somebody logs in with: for the form, the back end, the brakes and the API alike."""

from kernel.accounts.models import User
from kernel.accounts.proofs import Right, allows
from kernel.core.privacy import blind_index
from kernel.core.typed import id_number, phone_number, visible


def account_named(typed: str | None) -> User | None:
    """Applicants type their phone, or their ID number once it is proved; both are stored encrypted and found by their
    digests. Staff type their user name."""
    name = visible(typed)
    if not name:
        return None
    by_phone = User.objects.filter(phone_index=blind_index(phone_number(typed))).first()
    return by_phone or User.objects.filter(username=name).first() or _by_number(typed)


def _by_number(typed: str | None) -> User | None:
    accounts = User.objects.filter(id_index=blind_index(id_number(typed)))
    return next((account for account in accounts if allows(account, Right.LOG_IN_BY_NUMBER)), None)


def counted_as(typed: str, account: User | None) -> str:
    """What the brakes count tries under: the account, however it was written, else what was written."""
    return f"account:{account.pk}" if account else f"typed:{visible(typed)}"
