"""The one way in which a page's own form is opened, judged, saved and left.

A view says what is edited (`Edit`); `edit_page` does the rest. With htmx the form opens inside the
page where the thing is read, without JavaScript on a page of its own. What is wrong is said beside
its field with the typed value kept; a stale save shows both values and, sent once more, wins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRefresh

from headway.errors import Conflict, Invalid, NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.programs.addresses import back
from headway.interfaces.web.programs.edit_forms import ReadForm


class FormMaker(Protocol):
    """Makes the form of an edit, empty with `initial` or filled with `data`."""

    def __call__(
        self, data: QueryDict | None = None, *, initial: Mapping[str, object] | None = None
    ) -> ReadForm:
        """Return the form."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, as a sentence; a POST to `undo` takes it back."""

    sentence: str
    undo: str = ""


Save = Callable[[dict[str, object], int | None], Done]


@dataclass(frozen=True, slots=True)
class Edit:
    """One form over one thing.

    `page` is where the thing is read, `held` what its fields hold at `version`. What the action
    refuses is said beside the field `blame` (empty: above the form). `lists` are suggestions by
    the id of their list. `remove` is where a button posts to that takes the thing away. `area` is
    the route and the name of the place that the page's crumbs begin with. `elsewhere` says what
    this form cannot change, the words of a link, and where that leads.
    """

    title: str
    page: str
    form: FormMaker
    save: Save
    held: Mapping[str, object] = field(default_factory=dict)
    version: int | None = None
    blame: str = ""
    button: str = "Save"
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    remove: str = ""
    remove_label: str = "Remove"
    area: tuple[str, str] = ("programs", "Programs")
    elsewhere: tuple[str, str, str] | None = None


def edit_page(request: WorkspaceRequest, load: Callable[[], Edit]) -> HttpResponse:
    """Show the form of `load()`, or save it; `load` is asked again when a save was stale."""
    edit = load()
    if request.method != "POST":
        start = _texts(edit.held) | {"version": edit.version} | request.GET.dict()
        return _shown(request, edit, edit.form(initial=start))
    form = edit.form(_sent(request, edit))
    status = 422
    if form.is_valid():
        try:
            done = edit.save(form.typed, form.cleaned_data["version"])
        except Conflict as error:
            status, edit = 409, load()
            form = _stale(request, edit, form, error)
        except (Invalid, NotFound) as error:
            form.add_error(edit.blame or None, str(error))
        else:
            tell(request, done.sentence, done.undo)
            return HttpResponseClientRefresh() if request.htmx else back(request, edit.page)
    return _shown(request, edit, form, status)


def leave(request: WorkspaceRequest, page: str, done: Done) -> HttpResponse:
    """Tell what a button did, and go back to where it stood."""
    tell(request, done.sentence, done.undo)
    return back(request, page)


def asked_version(request: HttpRequest) -> int | None:
    """Return the version a button was pressed on; None when the page did not say."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def text_of(value: object) -> object:
    """Return a held value as its control takes it: ISO days, plain numbers, ranges as 3/5/9."""
    match value:
        case None:
            return ""
        case bool() | str():
            return value
        case int() | float():
            return f"{value:.12g}"
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case tuple() | list():
            return _range(value)
        case _:
            return str(value)


def _range(value: Sequence[object]) -> str:
    parts = [str(text_of(one)) for one in value]
    return parts[0] if parts and len(set(parts)) == 1 else "/".join(parts)


def _texts(held: Mapping[str, object]) -> dict[str, object]:
    return {name: text_of(value) for name, value in held.items()}


def _sent(request: WorkspaceRequest, edit: Edit) -> QueryDict:
    """Return what was typed; the undo of a removal has its values in the address instead."""
    return request.POST if set(request.POST) & set(edit.form().fields) else request.GET


def _stale(request: WorkspaceRequest, edit: Edit, form: ReadForm, error: Conflict) -> ReadForm:
    """Return the form with both values beside each field that differs, at the current version."""
    if edit.version is None or form.cleaned_data["version"] == edit.version:
        form.add_error(edit.blame or None, str(error))  # taken names and the like: nothing moved
        return form
    data = request.POST.copy()
    data["version"] = str(edit.version)
    again = edit.form(data)
    typed = again.typed if again.is_valid() else {}
    for name, now in _texts(edit.held).items():
        if name in typed and text_of(typed[name]) != now:
            words = f"It is “{now}” now" if now != "" else "It is empty now"
            again.add_error(name, f"{words}; you wrote “{text_of(typed[name])}”.")
    sentence = "Somebody changed this since you opened it. Save once more to keep what you wrote."
    again.add_error(None, sentence)
    return again


def _shown(
    request: WorkspaceRequest, edit: Edit, form: ReadForm, status: int = 200
) -> HttpResponse:
    template = "_edit.html" if request.htmx else "edit.html"
    values = {"edit": edit, "form": form, "fragment": bool(request.htmx)}
    return render(request, f"programs_web/{template}", values, status=status)
