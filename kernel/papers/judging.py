"""A stranger's PDF judged by its signature: in a process with little memory and time, apart from the web server, which
never loads pyHanko. What a person reads of it stands here too."""

import logging
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import BoundedSemaphore

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.core.errors import Refused
from kernel.core.moment import real_now
from kernel.papers import signature_check, trust
from kernel.papers.signature_check import AFTER, BAD, GOOD, IN_FORCE, Signed

log = logging.getLogger(__name__)
AT_ONCE, PATIENCE, LONGEST = 2, 5, 15  # files of one web process; seconds
_turns = BoundedSemaphore(AT_ONCE)


class Busy(Refused):
    sentence = gettext_lazy(
        "Many files are being checked at this moment. Try again in a minute; the code printed on the paper can be "
        "verified now."
    )


@dataclass(frozen=True)
class Finding:
    """One thing that the signature shows, as a sentence; `good` is None for what is neither for nor against it."""

    good: bool | None
    sentence: str


def judged(content: bytes, lists: Sequence[bytes]) -> Signed | None:
    """How the file's signature stands; None where it carries none that can be read. Raises Busy."""
    line = signature_check.described(trust.anchors(lists), lists, real_now(), trust.stampers())
    if not _turns.acquire(timeout=PATIENCE):
        raise Busy
    try:
        done = subprocess.run(  # noqa: S603 (our own program; of the upload it gets the bytes alone)
            [sys.executable, "-I", signature_check.__file__],
            input=line + content,
            capture_output=True,
            timeout=LONGEST,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    finally:
        _turns.release()
    if done.returncode:
        log.warning("a file ended the check of its signature: code %s", done.returncode)
        return None
    return signature_check.read(done.stdout)


def findings(signed: Signed) -> list[Finding]:
    """What a signature shows, in the order in which one asks; of a file that was changed nothing else matters."""
    if not signed.intact:
        return [_whole(signed), *([] if signed.trusted else [_chain(signed)])]
    return [_whole(signed), _chain(signed), _time(signed), *_revoked(signed), *_ended(signed)]


def _whole(signed: Signed) -> Finding:
    names = {"signer": signed.signer}
    if signed.intact:
        return Finding(True, _("Not one byte was changed since %(signer)s signed it.") % names)
    return Finding(False, _("It was changed after %(signer)s signed it.") % names)


def _chain(signed: Signed) -> Finding:
    if not signed.trusted:
        return Finding(
            False,
            _(
                "This portal's certificate authority did not issue the signer's certificate: anybody can make one with "
                "any name."
            ),
        )
    if signed.self_signed:
        return Finding(
            True,
            _("The signer's certificate is one of this portal, from before it had an authority."),
        )
    return Finding(True, _("This portal's certificate authority issued the signer's certificate."))


def _time(signed: Signed) -> Finding:
    if signed.stamp == BAD:
        return Finding(
            False, _("Its time stamp is not genuine, so nothing shows when it was signed.")
        )
    if signed.stamped_at is None:
        return Finding(None, _("It has no time stamp: when it was signed, only the signer says."))
    values = {"stamper": signed.stamped_by, "moment": _moment(signed.stamped_at)}
    return Finding(
        True,
        _("It was signed before %(moment)s: the time stamp of %(stamper)s shows that.") % values,
    )


def _revoked(signed: Signed) -> list[Finding]:
    if signed.standing == IN_FORCE:
        return [
            Finding(
                True, _("The certificate was not revoked then; the file itself holds the proof.")
            )
        ]
    if signed.revoked_since is None:
        return []
    values = {"moment": _moment(signed.revoked_since)}
    if signed.standing == AFTER:
        return [
            Finding(
                None,
                _(
                    "The certificate was revoked later, on %(moment)s. What it signed before, as the time stamp shows, "
                    "still holds."
                )
                % values,
            )
        ]
    return [
        Finding(
            False,
            _(
                "The certificate is revoked since %(moment)s, and nothing shows that this was signed before: don't "
                "rely on it."
            )
            % values,
        )
    ]


def _ended(signed: Signed) -> list[Finding]:
    if not signed.ended:
        return []
    values = {"moment": _moment(signed.until)}
    if signed.stamp == GOOD:
        return [
            Finding(
                None,
                _("The certificate ended on %(moment)s. It counted when this was signed.") % values,
            )
        ]
    return [
        Finding(
            False,
            _("The certificate ended on %(moment)s, and nothing shows that this was signed before.")
            % values,
        )
    ]


def _moment(at: datetime) -> str:
    return date_format(localtime(at), "DATETIME_FORMAT")
