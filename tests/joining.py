"""Opening and opening again an account by its pages, as a browser would."""

from django.test import Client
from django.urls import reverse

from tests import phones

PASSWORD = "one-that-nobody-guesses"


def browser() -> Client:
    return Client(headers={"accept-language": "en"})


def prove(web: Client, start: str, phone: str):
    """Type a phone and the code that reaches it; the answer to the code, followed."""
    sent = web.post(reverse(start), {"phone": phone}, follow=True)
    assert sent.status_code == 200, sent.context["form"].errors
    return web.post(sent.request["PATH_INFO"], {"code": phones.code(phone)}, follow=True)


def name(web: Client, page: str, real_name: str, id_number: str, password: str = PASSWORD, **more):
    given = {"real_name": real_name, "id_number": id_number, "agreed": "on", **more}
    given |= {"password": password, "password_again": password}
    return web.post(reverse(page), given, follow=True)


def register(web: Client, phone: str, real_name: str, id_number: str, **more):
    prove(web, "register", phone)
    return name(web, "register-name", real_name, id_number, **more)


def recover(web: Client, phone: str, real_name: str, id_number: str, **more):
    prove(web, "recover", phone)
    return name(web, "recover-name", real_name, id_number, **more)


def log_in(web: Client, username: str, password: str = PASSWORD):
    return web.post(reverse("login"), {"username": username, "password": password}, follow=True)


def logged_in(web: Client) -> int | None:
    key = web.session.get("_auth_user_id")
    return int(key) if key else None
