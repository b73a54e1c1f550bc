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


def counted_as(request, credentials: dict | None = None) -> str:
    """What the brakes count wrong tries under: the account, however it was written, else what was written. A digest,
    since a list of tries need not tell phones, and since a name of any length and any letters fits into it."""
    given = credentials.get("username") if credentials else request.POST.get("username")
    account = account_named(given)
    return blind_index("log-in:" + (account.username if account else given or ""))
