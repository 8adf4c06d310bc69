"""Bills: which there are, what one says to the last digit, and bringing another."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render

from headway.connectors.focus import read_bill_mapping
from headway.domain.costs.actions import BillFile, ImportedBill, import_bill
from headway.domain.costs.queries import bill_line, bill_lines
from headway.errors import Invalid
from headway.interfaces.web.costs.explorer import tabs
from headway.interfaces.web.costs.forms import BillForm
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.programs.addresses import address, is_live
from headway.rendering import phrases

#: What is taken by a form; a larger file is brought by `headway cost import`.
LARGEST = 16 * 1024**2


def bills(request: WorkspaceRequest) -> HttpResponse:
    """Answer first: until when bills are known, and whether any row of them was refused."""
    lines = bill_lines(request.actor, request.at)
    refused = sum(1 for line in lines if line.refused)
    said = "No bill was brought yet."
    if lines:
        said = f"{phrases.quantity(len(lines), 'bill')}, until {lines[0].month:%B %Y}"
        said += f"; {refused} with refused rows." if refused else "; every row of them counts."
    values = {"lines": lines, "said": said, "tabs": tabs(request), "live": is_live(request)}
    return render(request, "costs_web/bills.html", values)


def bill(request: WorkspaceRequest, bill: int) -> HttpResponse:
    """Say what one bill holds, exact, and whether another took its place."""
    line = bill_line(request.actor, bill, request.at)
    replaced = line.known_until is not None and (
        request.at is None or line.known_until <= request.at
    )
    values = {
        "line": line,
        "replaced": replaced,
        "billed": list(line.sums("billed").items()),
        "effective": list(line.sums("effective").items()),
        "tabs": tabs(request),
    }
    return render(request, "costs_web/bill.html", values)


def bring_bill(request: WorkspaceRequest) -> HttpResponse:
    """Take a file: look at what it says, or bring it."""
    form = BillForm(request.POST or None, request.FILES or None)
    done: ImportedBill | None = None
    dry_run = "look" in request.POST
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                done = _brought(request, form, dry_run=dry_run)
                status = 200
            except Invalid as error:
                form.add_error("file", str(error))
    if done is not None and not dry_run:
        tell(request, _told(done))
    values = {
        "form": form,
        "done": done,
        "dry_run": dry_run,
        "tabs": tabs(request),
        "back": address(request, "bills"),
    }
    return render(request, "costs_web/bring.html", values, status=status)


def _brought(request: WorkspaceRequest, form: BillForm, *, dry_run: bool) -> ImportedBill:
    """Import what a form holds. The file's own name is shown and never used as a path."""
    file: UploadedFile[Any] = form.cleaned_data["file"]
    if (file.size or 0) > LARGEST:
        sentence = (
            f"The file has {file.size:,} bytes; at most {LARGEST:,} are taken here. Bring it with "
            "headway cost import."
        )
        raise Invalid(sentence)
    mapping = form.cleaned_data["mapping"]
    with tempfile.TemporaryDirectory(prefix="headway-bill-") as folder:
        path = Path(folder) / "bill"
        with path.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        asked = BillFile(
            path,
            "".join(sign for sign in str(file.name) if sign.isprintable())[-200:],
            read_bill_mapping(_json(mapping)) if mapping else None,
            form.cleaned_data["currency"],
            [one.strip() for one in form.cleaned_data["tags"].split(",") if one.strip()],
        )
        return import_bill(request.actor, asked, request.now, dry_run=dry_run)


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        sentence = f"The mapping is not JSON: {str(error)[:120]}."
        raise Invalid(sentence) from None


def _told(done: ImportedBill) -> str:
    if not done.recorded:
        return "This bill was known already; nothing changed."
    said = f"{phrases.quantity(done.recorded, 'bill')} recorded"
    return f"{said}, {done.replaced} in another's place." if done.replaced else f"{said}."
