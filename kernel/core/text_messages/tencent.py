"""Tencent Cloud's texts (API of 2021-01-11), by its own client library:
`ADAPTERS=texts=kernel.core.text_messages.tencent.Tencent`.

It sends no words of ours but a template that was approved beforehand, named for each kind of text with the order of its
gaps: `TENCENT_SMS_TEMPLATES=register=1110:code/minutes,returned=1111:link`. A gap may hold no address: of a link it
gets what follows `SITE_ADDRESS/`, and the template has the rest.

The key of a text travels as its session context, which comes back with its receipt once Tencent has enabled that for
the application. The API knows no repeats by itself: before a text is sent again, it is asked what has become of those
to that phone, and one with our key isn't sent twice.
"""

import logging
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.sms.v20210111 import models
from tencentcloud.sms.v20210111.sms_client import SmsClient

from kernel.core import gateways
from kernel.core.moment import real_now
from kernel.core.text_messages import carriers
from kernel.core.text_messages.receipts import Receipt

log = logging.getLogger(__name__)
PATIENCE = 4  # seconds for each step of sending one
RECEIPTS_PATIENCE = (
    1  # seconds: each is given once, so whoever asks must still be there when they come
)
MOST = 100  # receipts in one answer
LOOKED_BACK = timedelta(days=3)  # longer than the outbox tries
TAKEN, ARRIVED = "Ok", "SUCCESS"
NEEDED = ("TENCENT_SMS_ID", "TENCENT_SMS_KEY", "TENCENT_SMS_APP", "TENCENT_SMS_SIGN")

# What the carrier's error codes begin with → what they are here; the first that fits counts.
ERRORS: tuple[tuple[str, type[Exception]], ...] = (
    ("FailedOperation.PhoneNumberInBlacklist", carriers.NumberRefused),
    ("FailedOperation.PhoneNumberParseFail", carriers.NumberRefused),
    ("InvalidParameterValue.IncorrectPhoneNumber", carriers.NumberRefused),
    ("UnsupportedOperation", carriers.NumberRefused),  # phones of elsewhere
    ("LimitExceeded.AppCountryOrRegion", carriers.NumberRefused),
    ("FailedOperation.ContainSensitiveWord", carriers.TextRefused),
    ("InvalidParameter.DirtyWordFound", carriers.TextRefused),
    ("LimitExceeded.PhoneNumberDailyLimit", carriers.Full),
    ("LimitExceeded.PhoneNumberSameContentDailyLimit", carriers.Full),
    ("LimitExceeded.PhoneNumberOneHourLimit", carriers.Full),
    ("LimitExceeded.App", carriers.Full),
    ("LimitExceeded.DailyLimit", carriers.Full),
    ("LimitExceeded", carriers.Busy),
    ("RequestLimitExceeded", carriers.Busy),
    ("InternalError.Sig", carriers.NotSetUp),
    ("InternalError", gateways.Away),
    ("ClientNetworkError", gateways.Away),
    ("ServerNetworkError", gateways.Away),
    ("JSONDecodeError", gateways.Unreadable),
    ("KeyError", gateways.Unreadable),
    ("FailedOperation.OtherError", gateways.Away),
    (
        "FailedOperation",
        carriers.NotSetUp,
    ),  # signature or template that isn't approved, nothing paid
    (
        "InvalidParameter",
        carriers.NotSetUp,
    ),  # a template with other gaps, an application that isn't there
    ("MissingParameter", carriers.NotSetUp),
    ("AuthFailure", carriers.NotSetUp),
    ("UnauthorizedOperation", carriers.NotSetUp),
    ("IpInBlacklist", carriers.NotSetUp),
    ("IpNotInWhitelist", carriers.NotSetUp),
)


def kind_of(code: str) -> type[Exception]:
    """What an error code is here; one that nobody knows is taken for a carrier in trouble."""
    return next((kind for start, kind in ERRORS if code.startswith(start)), gateways.Away)


class Tencent:
    """Raises ImproperlyConfigured where the settings lack something."""

    uses_templates = True

    def __init__(self):
        missing = [name for name in NEEDED if not getattr(settings, name)]
        if missing:
            raise ImproperlyConfigured(f"Texts by Tencent Cloud need {', '.join(missing)}.")
        if not gateways.is_address(settings.TENCENT_SMS_ADDRESS):
            raise ImproperlyConfigured("TENCENT_SMS_ADDRESS is no address with https.")

    def send(self, phone: str, text: carriers.Text, key: str, again: bool = False) -> None:
        template, words = _template(text)
        if again and self._was_taken(phone, key):
            return
        request = _filled(
            models.SendSmsRequest,
            PhoneNumberSet=[f"+86{phone}"],
            SmsSdkAppId=settings.TENCENT_SMS_APP,
            SignName=settings.TENCENT_SMS_SIGN,
            TemplateId=template,
            TemplateParamSet=words,
            SessionContext=key,
        )
        statuses = _asked("SendSms", request, PATIENCE).SendStatusSet
        if not statuses or not statuses[0].Code:
            raise gateways.Unreadable
        if statuses[0].Code != TAKEN:
            log.warning("a text was not taken", extra={"kind": statuses[0].Code})
            raise kind_of(statuses[0].Code)

    def receipts(self) -> list[Receipt]:
        """The next ones of a queue that gives each once."""
        request = _filled(
            models.PullSmsSendStatusRequest, SmsSdkAppId=settings.TENCENT_SMS_APP, Limit=MOST
        )
        rows = _asked("PullSmsSendStatus", request, RECEIPTS_PATIENCE).PullSmsSendStatusSet or []
        known = [row for row in rows if row.SessionContext]
        if len(known) < len(rows):
            log.warning("receipts came without session context: Tencent must enable it")
        return [Receipt(row.SessionContext, row.ReportStatus == ARRIVED) for row in known]

    def _was_taken(self, phone: str, key: str) -> bool:
        """Whether a receipt says so: the carrier tells of no text before its network did."""
        at = real_now()
        request = _filled(
            models.PullSmsSendStatusByPhoneNumberRequest,
            SmsSdkAppId=settings.TENCENT_SMS_APP,
            PhoneNumber=f"+86{phone}",
            BeginTime=int((at - LOOKED_BACK).timestamp()),
            EndTime=int(at.timestamp()),
            Offset=0,
            Limit=MOST,
        )
        answer = _asked("PullSmsSendStatusByPhoneNumber", request, PATIENCE)
        return any(row.SessionContext == key for row in answer.PullSmsSendStatusSet or ())


def _template(text: carriers.Text) -> tuple[str, list[str]]:
    """The number of its template, and what stands in the gaps. Raises NotSetUp where there is none, or a gap that the
    text doesn't fill."""
    template, _colon, gaps = settings.TENCENT_SMS_TEMPLATES.get(text.kind, "").partition(":")
    names = [name for name in gaps.split("/") if name]
    if not template or not set(names) <= set(text.words):
        raise carriers.NotSetUp(text.kind)
    here = f"{settings.SITE_ADDRESS}/"
    return template, [str(text.words[name]).removeprefix(here) for name in names]


def _filled(model: type, **fields):
    request = model()
    for name, value in fields.items():
        setattr(request, name, value)
    return request


def _asked(action: str, request, patience: int):
    """The library's answer; a client each, since its own isn't made for threads. Raises what `ERRORS` says."""
    parts = urlsplit(settings.TENCENT_SMS_ADDRESS)
    http = HttpProfile(protocol=parts.scheme, endpoint=parts.netloc, reqTimeout=patience)
    credential = Credential(settings.TENCENT_SMS_ID, settings.TENCENT_SMS_KEY)
    client = SmsClient(credential, settings.TENCENT_SMS_REGION, ClientProfile(httpProfile=http))
    try:
        return getattr(client, action)(request)
    except TencentCloudSDKException as error:
        code = str(error.code)
        log.warning("Tencent's texts answer with an error", extra={"kind": code})
        raise kind_of(code) from None  # its words quote the request, with the phone
