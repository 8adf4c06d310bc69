"""How far long work is, on a terminal; in a pipe nothing. It goes to stderr, never among data."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from headway.interfaces.cli.output import say

#: Told what is being done, how much of it is done, and of how much.
Tell = Callable[[str, int, int], None]


@contextmanager
def progress_bar(label: str) -> Iterator[Tell]:
    """Show a bar until the work is done; what it is told becomes its text."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    text = TextColumn("{task.description}", markup=False)
    console = Console(stderr=True)
    with Progress(text, BarColumn(), TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task(label, total=None)

        def tell(what: str, done: int, total: int) -> None:
            bar.update(task, description=f"{label}: {what}", completed=done, total=total)

        yield tell


@contextmanager
def nothing_when_stopped() -> Iterator[None]:
    """Say on Ctrl-C that nothing was kept; the transaction around the work sees to it."""
    try:
        yield
    except KeyboardInterrupt:
        say("Stopped: nothing was imported.")
        raise
