"""What changes accounts."""

import uuid

from django.db import transaction

from kernel.accounts.models import Role, User


@transaction.atomic
def register_applicant(
    *, real_name: str, phone: str, id_number: str, password: str, email: str = ""
) -> User:
    """Open an applicant's account. People log in with their phone
    (`kernel.accounts.backends`); the user name is opaque.

    Raises `django.db.IntegrityError` when the phone is registered already (forms check first, the database decides).
    """
    uid = uuid.uuid4()
    user = User(
        uid=uid,
        username=f"p-{uid.hex}",
        real_name=real_name,
        phone=phone,
        id_number=id_number,
        email=email,
        roles=(Role.APPLICANT,),
    )
    user.set_password(password)
    user.save()
    return user
