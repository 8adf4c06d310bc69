"""Every command that CI runs, followed into the repository, with its places and its doubts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from headway.analysis.repository.ci.following import followed, unwrapped
from headway.analysis.repository.ci.github import github_steps, workflows
from headway.analysis.repository.ci.jobs import Step
from headway.analysis.repository.ci.others import other_files, other_steps, unread_files
from headway.analysis.repository.ci.shell import Command, Script, commands
from headway.analysis.repository.sources.tree import Tree

_DEEPEST = 6
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that CI runs, or an action that it uses (`words` are then "uses" and its name).

    `places` lead from the CI file to the line that holds the command. `doubts`: why it does not
    really count. `watches` are the paths that set it off (none: all).
    """

    words: tuple[str, ...]
    places: tuple[str, ...]
    folder: str = ""
    doubts: tuple[str, ...] = ()
    watches: tuple[str, ...] = ()

    @property
    def head(self) -> str:
        """Return the program, without its folder."""
        return self.words[0].rpartition("/")[2] if self.words else ""


@dataclass(frozen=True, slots=True)
class Automation:
    """The CI of a repository: its files, what they run, and files of systems not read here."""

    files: tuple[str, ...]
    ran: tuple[Ran, ...]
    unread: tuple[str, ...] = ()


def automation(tree: Tree) -> Automation:
    """Return what the CI of a repository runs."""
    files = (*workflows(tree), *(path for _, path in other_files(tree)))
    found: list[Ran] = []
    for step in (*github_steps(tree), *other_steps(tree)):
        found.extend(_step(tree, step))
        if len(found) > _MOST:
            break
    return Automation(files, tuple(found[:_MOST]), unread_files(tree))


def _step(tree: Tree, step: Step) -> Iterator[Ran]:
    if step.uses:
        place = f"{step.file}:{step.line}"
        yield Ran(("uses", step.uses), (place,), step.folder, step.doubts, step.watches)
    script = Script(step.script, step.line, step.folder, step.pipes_fail)
    for command in commands(script):
        yield from _followed(tree, step, command, (step.file,), frozenset())


def _followed(
    tree: Tree, step: Step, command: Command, files: tuple[str, ...], seen: frozenset[str]
) -> Iterator[Ran]:
    """Yield a command, and what it leads to; of `files`, the way so far, the last has no line."""
    places = (*files[:-1], f"{files[-1]}:{command.line}")
    words = unwrapped(command)
    doubts = (*step.doubts, *command.doubts)
    if words:
        yield Ran(words, places, command.folder, doubts, step.watches)
    key = f"{command.folder} {' '.join(command.words)}"
    if key in seen or len(files) > _DEEPEST:
        return
    for file, inner in followed(tree, command):
        mine = Command(inner.words, inner.line, inner.folder, (*command.doubts, *inner.doubts))
        on = (*places, file) if file else (*files[:-1], files[-1])
        if not file:
            mine = Command(inner.words, command.line, inner.folder, mine.doubts)
        if mine.words:
            yield from _followed(tree, step, mine, on, seen | {key})
