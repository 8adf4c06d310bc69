"""A real demo server and Debian's Chromium: what a newcomer meets, walked with a browser."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright
from tests.prepared import demo_beside

CHROMIUM = shutil.which("chromium")

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def demo_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address that `headway demo` prints last, with the server behind it."""
    home = tmp_path_factory.mktemp("journey") / "headway"
    demo_beside(home)
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("HEADWAY_")
    }
    environment.pop("DATABASE_URL", None)
    environment["HEADWAY_HOME"] = str(home)
    program = Path(sys.executable).with_name("headway")
    process = subprocess.Popen(
        [program, "demo", "--port", str(a_free_port())],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:"), "headway demo printed no address"
    yield address
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    process.stdout.close()


@pytest.fixture(scope="session")
def session_state() -> dict[str, StorageState]:
    """The cookies of the spent link, kept for the next module: a link works once."""
    return {}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for one module: while it lives, its loop keeps Django's tests of others out."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def signed_in(
    browser: Browser, demo_address: str, session_state: dict[str, StorageState]
) -> Iterator[BrowserContext]:
    """A browser context in which the one-time link has been spent."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, storage_state=session_state.get("demo")
    )
    if "demo" not in session_state:
        page = context.new_page()
        page.goto(demo_address)
        page.wait_for_load_state("networkidle")
        page.close()
        session_state["demo"] = context.storage_state()
    yield context
    context.close()


@pytest.fixture
def page(signed_in: BrowserContext) -> Iterator[Page]:
    """A fresh page that fails the test when the console or the page complains."""
    page = signed_in.new_page()
    complaints: list[str] = []
    # A refused form answers 422 on purpose, and the browser tells its console of it.
    refused = "status of 422"
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text)
            if message.type == "error" and refused not in message.text
            else None
        ),
    )
    yield page
    page.close()
    assert complaints == []


@pytest.fixture
def origin(demo_address: str) -> str:
    return demo_address.partition("/start/")[0]
