"""`headway demo`: a filled sample portfolio in a data folder of its own, opened in the browser."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from headway import clock
from headway.errors import Refused
from headway.interfaces.cli.output import print_line, say

#: Says that a folder is the demo's own, so that --clear removes nothing else.
MARKER = "this-folder-is-the-headway-demo"


def demo(
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Load it and leave")] = False,
    clear: Annotated[bool, typer.Option("--clear", help="Remove the demo's own folder")] = False,
    port: Annotated[int, typer.Option(help="Port to listen on, on this machine only")] = 8000,
) -> None:
    """Fill a sample portfolio and open it. The last line on stdout is the address, signed in.

    It has a data folder of its own beside yours; twice is the same as once.

    Examples:

      headway demo

      headway demo --clear
    """
    folder = demo_folder()
    if clear:
        print_line(clear_demo(folder))
        return
    prepare_folder(folder)
    os.environ["HEADWAY_HOME"] = str(folder)
    os.environ.pop("DATABASE_URL", None)
    os.environ["HEADWAY_BASE_URL"] = f"http://127.0.0.1:{port}"
    secret = _load()
    address = f"http://127.0.0.1:{port}/start/{secret}/"
    if no_serve:
        say(f"The sample is in {folder}. `headway demo` serves it.")
        print_line(address)
        return
    _serve(port, address)


def demo_folder() -> Path:
    """Return the demo's data folder: beside the real one, never the same."""
    home = Path(os.environ.get("HEADWAY_HOME", "~/.local/share/headway")).expanduser()
    return home.with_name(home.name + "-demo")


def prepare_folder(folder: Path) -> None:
    """Make the folder and mark it. Raises Refused when something else lies there."""
    if folder.exists() and any(folder.iterdir()) and not (folder / MARKER).exists():
        sentence = f"{folder} is not the demo's own folder; move it away or set HEADWAY_HOME."
        raise Refused(sentence)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / MARKER).touch()


def clear_demo(folder: Path) -> str:
    """Remove the demo's folder and say so. Raises Refused when it is not the demo's own."""
    if not folder.exists():
        return f"There is no demo in {folder}."
    if not (folder / MARKER).exists():
        sentence = f"{folder} does not carry the demo's mark; nothing was removed."
        raise Refused(sentence)
    shutil.rmtree(folder)
    return f"Removed {folder}."


def _load() -> str:
    """Load the sample where it is not there yet, and return a fresh sign-in secret."""
    from headway.interfaces.cli.place import open_database

    open_database()
    from headway.domain.installation.actions import load_sample, sample_link

    say("Loading the sample program …")
    if not load_sample():
        say("It is loaded already.")
    return sample_link(clock.now())


def _serve(port: int, address: str) -> None:
    """Serve on this machine only, print the address last, and stay."""
    import webbrowser

    from headway.interfaces.cli.serve import start_web, start_worker, stay, wait_for

    web = start_web("127.0.0.1", port)
    wait_for("127.0.0.1", port, web)
    say("The demo is up. Ctrl-C stops it; `headway demo --clear` removes it.")
    print_line(address)
    sys.stdout.flush()
    if sys.stdout.isatty():
        webbrowser.open(address)
    # The sample stands still; what the worker has to do here is large imports of the visitor's.
    raise typer.Exit(stay([web, start_worker()]))
