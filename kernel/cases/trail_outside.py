"""The daily roots outside: by mail to whom a zone names, and to a store in which nothing can be changed.

Whoever can write to the database could take a root away with what it seals. What was sent outside stays.
"""

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext_lazy as _

from kernel.cases.models import TrailRoot
from kernel.core import sandbox
from kernel.core.adapters import Adapter
from kernel.core.letters import message_id
from kernel.core.moment import now
from kernel.core.outbox.models import Message, post

SYSTEM, MAIL, STORE = "trail", "trail-mail", "trail-store"
RECIPIENTS = "trail_recipients"


class NotTheSame(Exception):
    """The store holds something else under this name."""


class NoFolder(Exception):
    """`settings.TRAIL_FOLDER` names no folder."""


class Store(Protocol):
    def keep(self, name: str, content: str, key: str) -> None:
        """Keep a text for good. Called again by the same name and key it does nothing; raises NotTheSame where another
        text is kept by that name."""


class Sandbox:
    """Shows on the page of the sandbox what a store would have kept."""

    def keep(self, name: str, content: str, key: str) -> None:
        sandbox.behave(SYSTEM)
        sandbox.show(SYSTEM, {"name": name, "content": content, "key": key})


class Folder:
    """A folder of `settings.TRAIL_FOLDER`, best on a disk that takes each file once (WORM, or chattr +a)."""

    def keep(self, name: str, content: str, key: str) -> None:
        if not settings.TRAIL_FOLDER:
            raise NoFolder
        path = Path(settings.TRAIL_FOLDER) / name
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
        except FileExistsError:
            if path.read_text(encoding="utf-8") != content:
                raise NotTheSame(name) from None
            return
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(descriptor)
        except OSError:  # a part of it would stand for good where the whole belongs
            path.unlink()
            raise


store: Adapter[Store] = Adapter(SYSTEM, Sandbox)


def send(root: TrailRoot) -> None:
    """Have both told of a new root, by rows of the outbox in the transaction that made it."""
    post(
        [
            Message(
                channel=channel,
                key=f"{channel}:{root.zone.code}:{root.number}",
                subject=f"{root.day:%Y-%m-%d}",
                zone=root.zone_id,
                payload={"root": root.pk},
                written_at=now(),
            )
            for channel in (STORE, MAIL)
        ]
    )


def kept(message: Message) -> Callable:
    """What has the store keep a root."""
    root = TrailRoot.objects.select_related("zone").get(pk=message.payload["root"])
    return partial(store().keep, file_name(root), as_text(root), key=message.key)


def mailed(message: Message) -> Callable | None:
    """What mails a root; None where the zone names nobody."""
    root = TrailRoot.objects.select_related("zone").get(pk=message.payload["root"])
    recipients = [*filter(None, map(str.strip, root.zone.setting(RECIPIENTS).split(",")))]
    if not recipients:
        return None
    letter = EmailMessage(
        subject=f"{root.zone.code} {root.day:%Y-%m-%d} {root.root[:16]}",
        body=as_text(root),
        to=recipients,
        headers={"Message-ID": message_id(message.key)},
    )
    return letter.send


def file_name(root: TrailRoot) -> str:
    return f"{root.zone.code}-{root.number:06}.json"


def as_text(root: TrailRoot) -> str:
    return json.dumps(described(root), indent=1) + "\n"


def described(root: TrailRoot) -> dict:
    """A root as it is published: all that is signed, and the signature in hex."""
    return {
        "zone": root.zone.code,
        "number": root.number,
        "day": f"{root.day:%Y-%m-%d}",
        "opening": root.opening,
        "cases": root.cases,
        "root": root.root,
        "previous": root.previous,
        "signature": root.signature,
    }


def differing(folder: Path) -> list[str]:
    """What was kept outside and isn't in the database any more as it was, in plain English for an auditor."""
    sentences = []
    for path in sorted(folder.glob("*.json")):
        try:
            outside = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            sentences.append(f"{path.name}: this is no root; it was changed or cut off")
            continue
        rows = TrailRoot.objects.select_related("zone").filter(
            zone__code=outside["zone"], number=outside["number"]
        )
        root = rows.first()
        if root is None:
            sentences.append(f"{path.name}: this root was removed")
        elif described(root) != outside:
            sentences.append(f"{path.name}: this root is another one in the database")
    return sentences


CHANNELS = (
    (STORE, _("Store of the trail's roots"), kept),
    (MAIL, _("Mail with the trail's roots"), mailed),
)
