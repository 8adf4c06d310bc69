"""The style guide: every component with sample values. Mounted in DEBUG and in tests only."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from headway.interfaces.web.layout import samples, toasts
from headway.interfaces.web.layout.errors import error_page


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component; `?at=2026-11-16` shows them as of a day."""
    day = request.GET.get("at", "")
    at = datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
    request.shell = samples.sample_shell(reverse("styleguide"), at=at)  # type: ignore[attr-defined]
    return render(request, "layout/styleguide.html", samples.sample_values())


def styleguide_palette(request: HttpRequest) -> HttpResponse:
    """Answer the sample palette with the choices whose label contains `q`."""
    asked = request.GET.get("q", "")
    found = [
        (title, [choice for choice in choices if asked.lower() in choice.label.lower()])
        for title, choices in samples.PALETTE
    ]
    groups = [(title, choices) for title, choices in found if choices]
    return render(request, "layout/_palette_results.html", {"groups": groups, "q": asked})


def styleguide_cell(request: HttpRequest) -> HttpResponse:
    """Show the sample cell, its form with `?edit=1`, and save it on POST."""
    form = samples.CellForm(request.POST or None, initial={"estimate": 5})
    if request.method == "POST" and form.is_valid():
        text = f"{form.cleaned_data['estimate']} days"
        response = render(request, "layout/_sample_cell.html", {"text": text})
        response.write(toasts.toast(request, f"Estimate is {text} now.", request.path))
        return response
    if request.method == "POST" or "edit" in request.GET:
        status = 422 if form.errors else 200
        return render(request, "layout/_sample_cell_form.html", {"form": form}, status=status)
    return render(request, "layout/_sample_cell.html", {"text": "5 days"})


def styleguide_error(request: HttpRequest, status: int) -> HttpResponse:
    """Show the error page of `status`."""
    return error_page(request, status)


def styleguide_entrance(request: HttpRequest) -> HttpResponse:
    """Show the page outside any workspace with a form."""
    return render(request, "layout/styleguide_entrance.html", {"form": samples.SampleForm()})
