"""What a CI file says is run: steps with their script, and what keeps a step from counting."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a job, as its file writes it.

    `script` is shell (or "" where the step uses something else, named by `uses`), `line` where it
    begins. `doubts` say why it may not run on a change, or why its failure would not count.
    """

    system: str
    file: str
    line: int
    script: str = ""
    uses: str = ""
    folder: str = ""
    pipes_fail: bool = True
    doubts: tuple[str, ...] = ()
    watches: tuple[str, ...] = ()
