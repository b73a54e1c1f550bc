"""Logging in and out, and the way to one's own work."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kernel.accounts import brakes, log_ins, seats, service_site, sessions, unsent_forms
from kernel.accounts.forms import LoginForm
from kernel.core import requested
from kernel.core.ui import links


class Login(LoginView):
    """Demonstration log-ins stand on the page only while the product demonstrates itself."""

    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True
    next_page = reverse_lazy("work")  # type: ignore[assignment]  # Django takes a lazy one, too

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            logins=log_ins.shown(),
            site_offered=service_site.site().offered,
            ended=requested.has(self.request, "ended"),
            kept=requested.has(self.request, "kept"),
            **kwargs,
        )

    def form_invalid(self, form):
        if wait := getattr(self.request, "paused_for", 0):
            response = render(self.request, "accounts/locked.html", status=429)
            response["Retry-After"] = wait
            return response
        return super().form_invalid(form)

    def form_valid(self, form):
        """Who logs in reads what was tried meanwhile, by themselves long ago or by others."""
        response = super().form_valid(form)
        if count := brakes.failed_before(form.get_user()):
            sentence = ngettext(
                "Since you logged in last, %(n)s try to log in to your account failed. If it wasn't you and others may "
                "know your password, choose a new one on the page of your account.",
                "Since you logged in last, %(n)s tries to log in to your account failed. If it wasn't you and others "
                "may know your password, choose a new one on the page of your account.",
                count,
            )
            messages.warning(self.request, sentence % {"n": count})
        return response


@require_POST
@login_required
def stay(request):
    """The person wants to stay logged in."""
    sessions.extend(request)
    return JsonResponse({"left": request.session.get_expiry_age()})


@require_POST
@login_required
def drop_unsent(request):
    """The person does not want any more what was kept of a page."""
    page = request.POST.get("page", "")
    unsent_forms.drop(request, page)
    here = url_has_allowed_host_and_scheme(page, None) and page.startswith("/")
    return redirect(page if here else "work")


@login_required
def work(request):
    """To the first page of the role; of several, of the desk at which the person sat last. Who has no phone any more,
    or never proved it, is asked for one first; they may do it later."""
    asked = links.link("own_phone")
    if asked and not request.user.is_staff_member and request.user.phone_proved_at is None:
        return redirect(asked)
    return redirect(links.first_page(request.user.role_at(seats.seat(request))))
