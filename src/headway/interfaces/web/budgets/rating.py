"""Changing exchange rates, and how the workspace counts its money."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse

from headway.domain.finance.actions import (
    remove_exchange_rate,
    restore_exchange_rate,
    set_exchange_rate,
    set_money_rules,
)
from headway.domain.finance.queries import exchange_rate, money_rules
from headway.domain.finance.rules import ExchangeRateFacts
from headway.errors import Conflict, Invalid, NotFound
from headway.interfaces.web.budgets.forms import MoneyRulesForm, RateForm
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.edit_forms import without
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave


def add_rate(request: WorkspaceRequest) -> HttpResponse:
    """Write a rate down."""

    def save(values: dict[str, object], _version: int | None) -> Done:
        day = date.fromisoformat(str(values.pop("day")))
        pair = (str(values.pop("base")), str(values.pop("quote")), day)
        if _is_there(request, *pair):
            sentence = f"There is a rate of {pair[0]} in {pair[1]} for {pair[2]} already; edit it."
            raise Conflict(sentence)
        made = set_exchange_rate(request.actor, pair, values, request.now)
        return Done(f"One {made.base} is {made.rate:f} {made.quote} from {made.day} on.")

    page = address(request, "exchange_rates")
    start = {"day": request.now.date()}
    edit = Edit("Add an exchange rate", page, RateForm, save, start, blame="day")
    return edit_page(request, lambda: edit)


def edit_rate(request: WorkspaceRequest, base: str, quote: str, day: str) -> HttpResponse:
    """Change a rate."""
    pair = (base, quote, _day(day))

    def save(values: dict[str, object], version: int | None) -> Done:
        before = exchange_rate(request.actor, *pair)
        saved = set_exchange_rate(request.actor, pair, values, request.now, version=version)
        undo = _undo(request, before)
        return Done("The rate is changed.", undo if saved != before else "")

    def load() -> Edit:
        held = exchange_rate(request.actor, *pair)
        place = {"base": base, "quote": quote, "day": day}
        return Edit(
            f"{base} in {quote} from {day} on",
            address(request, "exchange_rates"),
            without(RateForm, "base", "quote", "day"),
            save,
            {"rate": f"{held.rate:f}", "source": held.source},
            held.version,
            remove=address(request, "remove_rate", **place),
            remove_label="Remove this rate",
        )

    return edit_page(request, load)


def drop_rate(request: WorkspaceRequest, base: str, quote: str, day: str) -> HttpResponse:
    """Take a rate away; the toast brings it back."""
    pair = (base, quote, _day(day))
    held = exchange_rate(request.actor, *pair)
    remove_exchange_rate(request.actor, pair, request.now, version=asked_version(request))
    done = Done("The rate is taken away.", _undo(request, held))
    return leave(request, address(request, "exchange_rates"), done)


def undo_rate(
    request: WorkspaceRequest, base: str, quote: str, day: str, version: int
) -> HttpResponse:
    """Put a rate back to an earlier version."""
    restore_exchange_rate(request.actor, (base, quote, _day(day)), version, request.now)
    done = Done("The rate is as it was before.")
    return leave(request, address(request, "exchange_rates"), done)


def edit_rules(request: WorkspaceRequest) -> HttpResponse:
    """Say when the fiscal year begins, and when a month counts as overspent."""

    def save(values: dict[str, object], version: int | None) -> Done:
        set_money_rules(request.actor, values, request.now, version=version or None)
        return Done("The rules of money are set.")

    def load() -> Edit:
        held = money_rules(request.actor)
        fields = {name: getattr(held, name) for name in MoneyRulesForm.readers}
        page = address(request, "exchange_rates")
        version = held.version or None
        return Edit("How money is counted", page, MoneyRulesForm, save, fields, version)

    return edit_page(request, load)


def _undo(request: WorkspaceRequest, held: ExchangeRateFacts) -> str:
    place = {"base": held.base, "quote": held.quote, "day": held.day, "version": held.version}
    return address(request, "restore_rate", **place)


def _is_there(request: WorkspaceRequest, base: str, quote: str, day: date) -> bool:
    try:
        exchange_rate(request.actor, base, quote, day)
    except NotFound:
        return False
    return True


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        sentence = f"'{text[:40]}' is not a day; write it as 2026-03-31."
        raise Invalid(sentence) from None
