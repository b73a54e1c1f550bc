"""What systems outside were not told: the outbox as people see it, who may have a message tried again."""

from django.contrib import admin, messages
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kernel.accounts.administration import RecordAdmin
from kernel.accounts.models import Role
from kernel.core.outbox import channels, delivery
from kernel.core.outbox.models import Message


class OfChannel(admin.SimpleListFilter):
    title, parameter_name = _("whom"), "channel"

    def lookups(self, request, model_admin):
        return [(name, channels.label(name)) for name in channels.names()]

    def queryset(self, request, messages):
        if not (name := self.value()):
            return messages
        return messages.filter(Q(channel=name) | Q(channel__startswith=f"{name}:"))


@admin.register(Message)
class MessageAdmin(RecordAdmin):
    """An administrator's own zone, the operator's all. Those set aside may be tried again, by the same key."""

    zone_path = "zone"
    readers = (Role.ADMINISTRATOR, Role.OPERATOR)
    list_display = ["whom", "subject", "state", "tries", "error", "written_at", "next_try_at"]
    list_display_links = ["subject"]
    list_filter = ["state", OfChannel]
    search_fields = ["subject"]
    fields = [
        "whom",
        "subject",
        "state",
        "tries",
        "error",
        "written_at",
        "next_try_at",
        "settled_at",
        "key",
    ]
    readonly_fields = ["whom"]
    actions = ["try_again"]

    @admin.display(description=_("whom"), ordering="channel")
    def whom(self, message):
        return channels.label(message.channel)

    @admin.action(description=_("Try these again"), permissions=["view"])
    def try_again(self, request, chosen):
        for message in chosen.filter(state=Message.State.ASIDE):
            self.log_change(request, message, "to be tried again")
        many = delivery.try_again(chosen)
        sentence = ngettext(
            "%(many)s message will be tried again in a moment.",
            "%(many)s messages will be tried again in a moment.",
            many,
        )
        self.message_user(request, sentence % {"many": many}, messages.SUCCESS)
