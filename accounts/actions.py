"""What changes accounts."""

from django.db import transaction

from accounts.models import Role, User


@transaction.atomic
def register_applicant(*, real_name: str, phone: str, id_number: str, password: str, email: str = "") -> User:
    """Open an applicant's account; the mobile phone is the user name.

    Raises `django.db.IntegrityError` when the phone is registered already (forms check first, the database decides).
    """
    user = User(username=phone, real_name=real_name, phone=phone, id_number=id_number, email=email, role=Role.APPLICANT)
    user.set_password(password)
    user.save()
    return user
