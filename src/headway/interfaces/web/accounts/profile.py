"""What concerns a person rather than a workspace: where to go, one's name, one's sessions."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from headway import clock
from headway.domain.accounts.actions import rename_user
from headway.domain.accounts.queries import places_of
from headway.errors import NotFound
from headway.interfaces.web.accounts.forms import NameForm
from headway.interfaces.web.layout.routes import user_id_of
from headway.interfaces.web.layout.toasts import tell


def choose_workspace(request: HttpRequest) -> HttpResponse:
    """Go to the only workspace there is; with several let the reader choose, with none explain."""
    places = places_of(user_id_of(request))
    if len(places) == 1:
        return redirect(f"/w/{places[0].slug}/")
    return render(request, "accounts_web/choose.html", {"places": places})


def profile(request: HttpRequest) -> HttpResponse:
    """Show one's name and the browsers one is signed in with; on POST change the name."""
    posted = request.method == "POST"
    form = NameForm(request.POST if posted else None, initial={"name": _name(request)})
    if posted and form.is_valid():
        rename_user(user_id_of(request), form.cleaned_data["name"], clock.now())
        tell(request, "Your name is changed.")
        return redirect("profile")
    sessions = sorted(_own_sessions(request), key=lambda session: session.last_seen_at)
    values = {"form": form, "sessions": sessions, "places": places_of(user_id_of(request))}
    return render(
        request, "accounts_web/profile.html", values, status=422 if form.is_bound else 200
    )


def end_session(request: HttpRequest, session: int) -> HttpResponse:
    """End one of one's own sessions; NotFound for anybody else's. Ending this one signs out."""
    own = [row for row in _own_sessions(request) if row.pk == session]
    if not own:
        sentence = "There is no such session of yours; it may have ended already."
        raise NotFound(sentence)
    current = own[0].is_current()
    own[0].end()
    if current:
        logout(request)
        return redirect("account_login")
    tell(request, "That session is ended.")
    return redirect("profile")


def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    for row in _own_sessions(request):
        if not row.is_current():
            row.end()
    tell(request, "You are signed out everywhere else.")
    return redirect("profile")


def _own_sessions(request: HttpRequest) -> list[UserSession]:
    found: list[UserSession] = UserSession.objects.purge_and_list(request.user)
    return found


def _name(request: HttpRequest) -> str:
    return str(getattr(request.user, "name", ""))
