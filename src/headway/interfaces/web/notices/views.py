"""Choosing how one is told, and stopping a mail without signing in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from headway import clock
from headway.domain.notices.actions import set_preferences, stop_mails
from headway.domain.notices.queries import (
    PreferenceFacts,
    brief_letter,
    preferences_of,
    stopping,
)
from headway.domain.notices.rules import KIND_WORDS, PREFERENCE_FIELDS, Kind
from headway.errors import Conflict, Invalid
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.notices.forms import PreferenceForm
from headway.rendering.letter import letter_text


def notifications(request: WorkspaceRequest) -> HttpResponse:
    """Show how the reader is told of what; on POST change it."""
    held = preferences_of(request.actor)
    if request.method != "POST":
        return _shown(request, held, PreferenceForm(initial=_start(held)))
    form = PreferenceForm(request.POST)
    status = 422
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            set_preferences(request.actor, form.typed, request.now, version=version)
        except Conflict as error:
            status, data = 409, request.POST.copy()
            data["version"] = str(preferences_of(request.actor).version)
            form = PreferenceForm(data)
            form.add_error(None, f"{error} Save once more to keep what you chose.")
        except Invalid as error:
            form.add_error(None, str(error))
        else:
            tell(request, "You are told as you chose.")
            return redirect("notifications", workspace=request.place.slug)
    return _shown(request, held, form, status)


def _start(held: PreferenceFacts) -> dict[str, object]:
    """Return what the form shows at first."""
    start: dict[str, object] = {f"how_{kind}": held.hows[kind] for kind in Kind}
    for name in PREFERENCE_FIELDS:
        if name != "hows":
            start[name] = getattr(held, name)
    for name in ("mail_at", "brief_at", "quiet_from", "quiet_until"):
        start[name] = f"{start[name]:%H:%M}" if start[name] is not None else ""
    start["quiet_days"] = [str(day) for day in held.quiet_days]
    return start | {"version": held.version or ""}


def _shown(
    request: WorkspaceRequest, held: PreferenceFacts, form: PreferenceForm, status: int = 200
) -> HttpResponse:
    kinds = [form[f"how_{kind}"] for kind in Kind]
    rest = [one for one in form.visible_fields() if not one.name.startswith("how_")]
    values = {"form": form, "held": held, "kinds": kinds, "rest": rest}
    return render(request, "notices_web/notifications.html", values, status=status)


def brief_mail(request: WorkspaceRequest) -> HttpResponse:
    """Show the mail of the brief as it would go out now; nothing is sent."""
    at = request.at or request.now
    letter, is_quiet = brief_letter(request.actor, at, request.at)
    values = {"letter": letter, "text": letter_text(letter), "is_quiet": is_quiet}
    values |= {"held": preferences_of(request.actor), "mail_is_set": settings.MAIL_IS_SET}
    return render(request, "notices_web/brief_mail.html", values)


@csrf_exempt
def stop(request: HttpRequest, signed: str) -> HttpResponse:
    """Say what the link stops; a POST stops it, as mail programs send one without a session.

    There is no session to forge from: the signature alone is the key, and it opens nothing else.
    """
    again = request.POST.get("again") == "1"
    found = (
        stop_mails(signed, clock.now(), again=again)
        if request.method == "POST"
        else stopping(signed)
    )
    values = {"found": found, "kinds": [KIND_WORDS[kind][0] for kind in found.kinds]}
    return render(request, "notices_web/stop.html", values)
