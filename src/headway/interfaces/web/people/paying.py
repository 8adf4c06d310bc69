"""What an hour costs: the rate card, totals that tell nobody's pay, and pay itself by function."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.accounts.rules import Permission, may
from headway.domain.people.actions.pay import (
    remove_pay,
    restore_rate_card,
    set_pay,
    set_rate_card,
)
from headway.domain.people.queries import people_of, person_named, rate_card
from headway.domain.people.queries.pay import pay_of, totals_of
from headway.domain.people.rules.ladder import CARD_FIELDS, RateCardFacts, shipped_card
from headway.domain.people.rules.pay import may_see_pay
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.people.roster import AREA
from headway.interfaces.web.people.staffing_forms import PayForm, RateCardForm
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave


def rates(request: WorkspaceRequest) -> HttpResponse:
    """Show what an hour of each role costs, whose numbers these are, and what roles cost a year."""
    card = rate_card(request.actor, request.at)
    today = (request.at or request.now).date()
    totals = totals_of(request.actor, today, request.at)
    written = [*shipped_card()["roles"], *(one.role for one in people_of(request.actor))]
    names = {role.strip().lower(): role.strip() for role in written}
    values = {
        "card": card,
        "bands": [(one, card.hour_of(one.median)) for one in card.bands],
        "roles": [
            (names.get(role, role), card.rate_of(role), level)
            for role, level in sorted(card.roles.items())
        ],
        "totals": totals,
        "sees_pay": may_see_pay(request.actor),
        "live": is_live(request),
        "manages": may(request.actor, Permission.PROGRAM),
    }
    return render(request, "people_web/rates.html", values)


def edit_rates(request: WorkspaceRequest) -> HttpResponse:
    """Edit or replace the rate card."""

    def save(values: dict[str, object], version: int | None) -> Done:
        before = rate_card(request.actor).version
        saved = set_rate_card(request.actor, values, request.now, version=version)
        undo = address(request, "restore_rates", version=before)
        return Done("The rate card is changed.", undo if saved.version != before else "")

    def load() -> Edit:
        held = rate_card(request.actor)
        return Edit(
            "Edit the rate card",
            address(request, "rates"),
            RateCardForm,
            save,
            typed_card(held),
            held.version or None,
            area=AREA,
        )

    return edit_page(request, load)


def typed_card(card: RateCardFacts) -> Mapping[str, object]:
    """Return the card as its form writes it, one band or role a line."""
    held: dict[str, object] = {name: getattr(card, name) for name in CARD_FIELDS}
    bands = [f"{one.id}: {one.low:f}/{one.median:f}/{one.high:f}" for one in card.bands]
    roles = [f"{role}: {level}" for role, level in sorted(card.roles.items())]
    return held | {"bands": "\n".join(bands), "roles": "\n".join(roles)}


def undo_rates(request: WorkspaceRequest, version: int) -> HttpResponse:
    """Put the rate card back."""
    restore_rate_card(request.actor, version, request.now)
    return leave(request, address(request, "rates"), Done("The rate card is as it was before."))


def edit_pay(request: WorkspaceRequest, person: str) -> HttpResponse:
    """Say what somebody is paid from a day on: by the function 'pay', whatever the role."""
    pay_of(request.actor, person)  # refuses, before anything is shown

    def save(values: dict[str, object], version: int | None) -> Done:
        since = values.pop("since")
        set_pay(request.actor, person, since, values, request.now, version=version)
        return Done(f"The pay of {person_named(request.actor, person).name} is written down.")

    def load() -> Edit:
        held = person_named(request.actor, person)
        pays = pay_of(request.actor, person)
        today = request.now.date()
        start: dict[str, object] = {
            "since": today,
            "basis": "year",
            "currency": pays[0].currency if pays else rate_card(request.actor).currency,
        }
        return Edit(
            f"What {held.name} is paid",
            address(request, "person", person=person),
            PayForm,
            save,
            start,
            area=AREA,
        )

    return edit_page(request, load)


def drop_pay(request: WorkspaceRequest, person: str, since: str) -> HttpResponse:
    """Take away what was said of pay from a day on."""
    remove_pay(request.actor, person, _day(since), request.now, version=asked_version(request))
    page = address(request, "person", person=person)
    return leave(request, page, Done(f"What was said of pay since {since} is gone."))


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text  # the action says what is wrong with it
