"""The pages of the second step of the log-in: somebody gives the password, and then a code."""

from kernel.accounts.devices import Authenticator, new_key
from kernel.accounts.second_step import enrolment_link, renew_codes
from tests import factories
from tests.codes import TAX
from tests.face.looking import Sight, at, filled, one_after_another

PASSWORD = "secret-for-tests"
WRONG = filled({"code": "000000"})


def second_step(zone) -> list[Sight]:
    new, wrong, asked, mistaken, known = (factories.officer(TAX, zone) for _person in range(5))
    for user in (asked, mistaken, known):
        Authenticator.objects.create(
            user=user, key=new_key(), confirmed=True, set_up_at=factories.MORNING
        )

    def profile(page):
        return page.goto(at("profile")).status

    def linked(user, *steps):
        """The first device is set up by a link."""
        return [lambda page: page.goto(enrolment_link(user)).status, *steps]

    unlinked = factories.officer(TAX, zone)
    states = {
        "refused without a link": (unlinked, ()),
        "set up": (new, linked(new)),
        "set up, wrong": (wrong, linked(wrong, WRONG)),
        "the code": (asked, ()),
        "the code, wrong": (mistaken, [WRONG]),
        "profile": (known, [_proven(known), profile]),
        "recovery codes": (
            known,
            [_proven(known), lambda page: page.goto(at("recovery-codes")).status],
        ),
    }
    return [
        Sight(
            f"second step: {name}",
            at("login"),
            settings={"STAFF_MFA": True},
            then=one_after_another(
                filled({"username": user.username, "password": PASSWORD}), *steps
            ),
        )
        for name, (user, steps) in states.items()
    ]


def _proven(user):
    """With a recovery code, which unlike the app's can be made again for each look."""
    return lambda page: filled({"code": renew_codes(user)[0]})(page)
