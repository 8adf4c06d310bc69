"""Asking functions, answering for one, saying whom the workspace asks, and who works for whom."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from headway.domain.vendors.actions import (
    answer_vendor_approval,
    request_vendor_approvals,
    set_vendor_member,
    set_vendor_rules,
)
from headway.domain.vendors.queries import (
    approving_of,
    vendor_approvals_waiting,
    vendor_named,
    vendor_rules,
)
from headway.errors import Invalid, NotFound, Refused
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.editing import Done, Edit, edit_page, leave
from headway.interfaces.web.vendors.changing import AREA
from headway.interfaces.web.vendors.forms import AnswerForm, RulesForm
from headway.interfaces.web.vendors.pages import page_of


def ask(request: WorkspaceRequest) -> HttpResponse:
    """Ask functions about a contract, an order or an invoice."""
    subject = request.POST.get("subject", "")[:400]
    functions = request.POST.getlist("function")
    request_vendor_approvals(request.actor, subject, functions, request.now)
    asked = ", ".join(functions)
    return leave(request, page_of(request, subject), Done(f"Asked: {asked}."))


def answer(request: WorkspaceRequest, ask: UUID) -> HttpResponse:
    """Answer for a function, with what is seen in front."""

    def save(values: dict[str, object], version: int | None) -> Done:
        seen = str(values.pop("seen"))
        try:
            said = answer_vendor_approval(
                request.actor, ask, values, request.now, seen=seen, version=version
            )
        except Refused as error:
            raise Invalid(str(error)) from error
        words = {"approved": "approved", "conditions": "approved with conditions"}
        return Done(f"{said.function.capitalize()} {words.get(said.decision, 'refused')} it.")

    def load() -> Edit:
        waiting = vendor_approvals_waiting(request.actor, request.now)
        found = next((one for one in waiting if one.ask.id == ask), None)
        if found is None:
            sentence = "This was answered already, or nobody is asked it any more."
            raise NotFound(sentence)
        held = approving_of(request.actor, found.ask.subject, request.now)
        return Edit(
            f"Answer for {found.ask.function}: {found.thing.name}",
            page_of(request, found.ask.subject) or address(request, "vendor_approvals"),
            AnswerForm,
            save,
            {"seen": held.digest, "decision": "approved"},
            found.ask.version,
            blame="statement",
            button="Answer",
            area=AREA,
        )

    return edit_page(request, load)


def rules(request: WorkspaceRequest) -> HttpResponse:
    """Say whom the workspace asks, and how exact an invoice has to be."""

    def save(values: dict[str, object], version: int | None) -> Done:
        set_vendor_rules(request.actor, values, request.now, version=version)
        return Done("The rules are kept.")

    def load() -> Edit:
        held = vendor_rules(request.actor)
        limits = ", ".join(f"{one} {limit}" for one, limit in held.order_limits.items())
        return Edit(
            "Whom to ask about vendors",
            address(request, "vendor_approvals"),
            RulesForm,
            save,
            {
                "contract_functions": ", ".join(held.contract_functions),
                "order_functions": ", ".join(held.order_functions),
                "order_limits": limits,
                "invoice_functions": ", ".join(held.invoice_functions),
                "price_tolerance": held.price_tolerance,
                "units_tolerance": held.units_tolerance,
            },
            held.version or None,
            area=AREA,
        )

    return edit_page(request, load)


def member(request: WorkspaceRequest, vendor: str) -> HttpResponse:
    """Say that a member of the role vendor works for this vendor, or no longer does."""
    held = vendor_named(request.actor, vendor)
    text = request.POST.get("member", "")
    try:
        who = UUID(text)
    except ValueError:
        sentence = f"'{text[:40]}' is no member; choose one of the role vendor."
        raise Invalid(sentence) from None
    gone = request.POST.get("gone") == "1"
    set_vendor_member(request.actor, who, "" if gone else held.key, request.now)
    words = "no longer sees" if gone else "sees"
    page = address(request, "vendor", vendor=vendor)
    return leave(request, page, Done(f"They {words} what is {held.name}'s."))
