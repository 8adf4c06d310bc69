"""From a closed gate to a reconciled registry: why, evidence by CLI, another person, the alias."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.cast import Cast, a_member
from tests.doors import browser_of
from tests.journeys.conftest import ARGUMENTS, CHROMIUM

from headway import clock
from headway.domain.accounts.actions import create_token
from headway.domain.accounts.rules import Actor, Function, Role, Scope
from headway.domain.gates.actions import add_gate_template, open_gates
from headway.domain.programs.actions import (
    create_program,
    create_project,
    create_release,
    create_system,
    move_release,
)

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RULES = """
key: small
name: Small
stages:
  live:
    - key: recall
      name: Recall
      how: Evaluate the version, and push the evaluation.
      waivable: false
      rule: {evidence: evaluation, about: "model:{model}@{version}", where: {metric: recall},
        at_least: 0.9, bind: [version], fresh_days: 60}
    - key: privacy-approved
      name: Privacy approved
      rule: {evidence: approval, about: "model:{model}@{version}", role: privacy}
"""
MODEL = "model:screen@7"

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def ana(cast: Cast) -> Actor:
    """A release before its gate to live, which Mia set; Ana answers for privacy."""
    before = clock.now() - timedelta(days=2)
    ana = a_member(cast.acme, "Anna", Role.APPROVER, functions=[Function.PRIVACY])
    create_program(cast.mia, {"name": "Care", "slug": "care"}, before)
    create_system(cast.mia, {"name": "Screening aid"}, before)
    project = {"name": "Screening", "slug": "screening", "system": "screening-aid"}
    create_project(cast.mia, "care", project, before)
    release = create_release(cast.bob, "screening-aid", "1.0", before, project="screening")
    move_release(cast.bob, release.id, "ramp", before)
    add_gate_template(cast.alice, RULES, before)
    open_gates(cast.mia, release.id, "small", before)
    return ana


@pytest.fixture
def run(live_server: LiveServer, cast: Cast, ana: Actor, tmp_path: Path) -> Run:
    """Return what runs a command against the server, as a pipeline of Bob's would."""
    _, secret = create_token(cast.bob, "ci", [Scope.EVIDENCE], clock.now())
    token = tmp_path / "token"
    token.write_text(secret)
    token.chmod(0o600)
    named = {
        "HEADWAY_URL": live_server.url,
        "HEADWAY_TOKEN_FILE": str(token),
        "HEADWAY_HOME": str(tmp_path),
    }

    def command(*words: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "headway.interfaces.cli.main", *words],
            env={**os.environ, **named},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        return done.returncode, done.stdout + done.stderr

    return command


@pytest.fixture
def chromium(live_server: LiveServer, settings: object) -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed; on Debian: apt-get install chromium")
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # type: ignore[attr-defined]
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright's loop runs in this thread
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            yield browser
            browser.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def page_of(browser: Browser, address: str, actor: Actor) -> Page:
    """Return a page in which `actor` is signed in."""
    cookie = browser_of(actor).cookies["sessionid"].value
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page


def pushed(run: Run, tmp_path: Path, kind: str, subject: str, payload: Mapping[str, object]) -> str:
    """Push one record by the command line."""
    file = tmp_path / f"{kind}.jsonl"
    file.write_text(json.dumps({"payload": payload, "source": "ci"}) + "\n")
    words = ("--subject", subject, "--project", "screening")
    code, said = run("evidence", "push", kind, *words, str(file))
    assert code == 0, said
    return said


def test_a_closed_gate_is_opened_by_evidence_and_another_person_and_the_registry_agrees(
    cast: Cast, ana: Actor, run: Run, chromium: Browser, live_server: LiveServer, tmp_path: Path
) -> None:
    check = ("gate", "check", "screening", "--stage", "live")
    pushed(run, tmp_path, "model_version", MODEL, {"status": "READY"})
    mia = page_of(chromium, live_server.url, cast.mia)

    # Closed, and why.
    mia.goto("/w/acme/releases/")
    expect(mia.locator(".answer")).to_contain_text("1 before a closed gate")
    mia.get_by_role("link", name="Closed").click()
    gate = mia.url
    expect(mia.locator(".answer")).to_contain_text("Closed: 2 of 2 requirements lacking")
    mia.get_by_role("link", name="trace of Recall").click()
    expect(mia.locator("#why-recall .trace")).to_contain_text("recall")
    code, said = run(*check)
    assert (code, "Recall" in said, "Privacy approved" in said) == (1, True, True)

    # Evidence by the command line; then the function is asked, and another person answers.
    value = {"metric": "recall", "value": 0.953, "n": 212}
    pushed(run, tmp_path, "evaluation", MODEL, value)
    mia.reload()
    expect(mia.locator(".answer")).to_contain_text("Closed: 1 of 2 requirements lacking")
    mia.get_by_role("button", name="Ask privacy").click()
    expect(mia.locator("#approvals")).to_contain_text("not answered yet")
    expect(mia.locator("#decision")).to_contain_text("You opened this gate")
    hers = page_of(chromium, live_server.url, ana)
    hers.goto(gate)
    hers.locator("#approvals").get_by_role("link", name="Answer").click()
    hers.get_by_label("Answer", exact=True).select_option("approved")
    hers.get_by_label("Statement").fill("No person can be told from the samples.")
    hers.get_by_role("button", name="Answer", exact=True).click()
    expect(hers.locator("#approvals")).to_contain_text("Approved by Anna")

    # Nobody decides their own: not Mia, who set the gate. Alice does.
    decider = page_of(chromium, live_server.url, cast.alice)
    decider.goto(gate)
    expect(decider.locator(".answer")).to_contain_text("It waits to be decided")
    decider.locator("#decision").get_by_role("link", name="Decide").click()
    decider.get_by_label("Outcome", exact=True).select_option("go")
    decider.get_by_role("button", name="Decide", exact=True).click()
    expect(decider.locator(".answer")).to_contain_text("Open: it was decided")
    assert run(*check)[0] == 0

    # The registry's alias moves to what was let through: both agree.
    moved = {"model": "screen", "alias": "champion", "version": "7", "seen_by": _now()}
    pushed(run, tmp_path, "alias_move", "alias:registry/screen/champion", moved)
    mia.goto("/w/acme/systems/models/screen/")
    expect(mia.locator("main")).to_contain_text("let through")
    expect(mia.locator("main")).not_to_contain_text("never passed")


def _now() -> str:
    return clock.now().isoformat()
