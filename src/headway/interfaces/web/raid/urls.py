"""Addresses of the registers of a program."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.layout.routes import route
from headway.interfaces.web.raid import (
    changing,
    pages,
    radar_pages,
    register_files,
    risk_editing,
    risk_pages,
)
from headway.interfaces.web.raid.registers import REGISTERS, Register

_BOTH = ("GET", "POST")
_POST = ("POST",)
_PROGRAM = "w/<slug:workspace>/programs/<slug:program>/"
_RISK = _PROGRAM + "risks/<path:risk>/"
_PROMISE = _PROGRAM + "promises/<str:promise>/"


def _of(register: Register) -> Iterator[URLPattern]:
    """Yield the addresses of one register: its entries, and what changes them."""
    sort, plan = register.sort, Permission.PLAN
    one = f"{_PROGRAM}{sort}s/<str:{sort}>/"
    yield route(f"{_PROGRAM}new-{sort}/", changing.adding(register), plan, f"add_{sort}", _BOTH)
    yield route(one, getattr(pages, sort), Permission.VIEW, sort)
    yield route(f"{one}edit/", changing.editing(register), plan, f"edit_{sort}", _BOTH)
    yield route(f"{one}close/", changing.closing(register), plan, f"close_{sort}", _POST)
    yield route(f"{one}reopen/", changing.reopening(register), plan, f"reopen_{sort}", _POST)
    yield route(
        f"{one}restore/<int:version>/",
        changing.restoring(register),
        plan,
        f"restore_{sort}",
        _POST,
    )


urlpatterns = [
    route(_PROGRAM + "raid/", pages.raid, Permission.VIEW, "raid"),
    route(_PROGRAM + "risks/", risk_pages.risks, Permission.VIEW, "risks"),
    # Beside `risks/`, not below it: a risk may be called "new".
    route(_PROGRAM + "new-risk/", risk_editing.add_risk, Permission.PLAN, "add_risk", _BOTH),
    route(
        _PROGRAM + "risk-policy/",
        risk_editing.edit_policy,
        Permission.PROGRAM,
        "risk_policy",
        _BOTH,
    ),
    route(_RISK + "edit/", risk_editing.edit_risk, Permission.PLAN, "edit_risk", _BOTH),
    route(_RISK + "close/", risk_editing.shut_risk, Permission.PLAN, "close_risk", _POST),
    route(_RISK + "occur/", risk_editing.occur, Permission.PLAN, "occur_risk", _POST),
    route(_RISK + "escalate/", risk_editing.escalate, Permission.PLAN, "escalate_risk", _POST),
    route(
        _RISK + "restore/<int:version>/",
        risk_editing.undo_risk,
        Permission.PLAN,
        "restore_risk",
        _POST,
    ),
    route(_RISK, risk_pages.risk, Permission.VIEW, "risk"),
    route("w/<slug:workspace>/money/risks/", risk_pages.top_risks, Permission.VIEW, "top_risks"),
    *register_files.file_routes(),
    route(_PROGRAM + "radar/", radar_pages.radar, Permission.VIEW, "radar"),
    route(
        _PROGRAM + "radar/accept/", radar_pages.accept, Permission.PLAN, "accept_proposal", _POST
    ),
    route(
        _PROGRAM + "radar/dismiss/",
        radar_pages.dismiss,
        Permission.PLAN,
        "dismiss_proposal",
        _POST,
    ),
    route(
        _PROGRAM + "radar/again/",
        radar_pages.ask_again,
        Permission.PLAN,
        "ask_proposal_again",
        _POST,
    ),
    *(pattern for register in REGISTERS for pattern in _of(register)),
    route(_PROMISE + "confirm/", changing.confirm_view, Permission.PLAN, "confirm_promise", _POST),
    route(_PROMISE + "plan/", changing.plan_view, Permission.PLAN, "plan_promise", _POST),
]
