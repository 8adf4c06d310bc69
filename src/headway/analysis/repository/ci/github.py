"""GitHub workflows: steps, with triggers, conditions and what is allowed to fail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from headway.analysis.documents.text import Entries, Node, Table
from headway.analysis.repository.ci.jobs import Step
from headway.analysis.repository.ci.shell import joined
from headway.analysis.repository.sources.tree import Tree
from headway.analysis.repository.yaml_text import document, get, members, pairs, word, words

_WORKFLOW = re.compile(r"\.github/workflows/[^/]+\.ya?ml")
#: Triggers that follow a change; the others wait for a person, a clock or a release.
_ON_CHANGE = frozenset({"push", "pull_request", "pull_request_target", "merge_group"})
_MAIN = re.compile(r"main|master|trunk|develop|dev|default|\*\*?(?:/\*\*?)?|\$default-branch")
_NEVER = re.compile(r"(?:\$\{\{\s*)?(?:false|'false'|0)(?:\s*\}\})?")
_BY_HAND = re.compile(r"event_name\s*==\s*'(workflow_dispatch|schedule|release)'")
_DEEPEST = 4


def workflows(tree: Tree) -> tuple[str, ...]:
    """Return the paths of workflows."""
    return tuple(path for path in tree.files if _WORKFLOW.fullmatch(path))


def github_steps(tree: Tree) -> Iterator[Step]:
    """Yield the steps of all workflows; one that only others call counts where it is called."""
    for path in workflows(tree):
        yield from _workflow(tree, path, (), 0)


def _workflow(tree: Tree, path: str, caller: tuple[str, ...], depth: int) -> Iterator[Step]:
    top = document(tree.text(path) or "")
    if top is None or depth > _DEEPEST:
        return
    doubts, watches = _triggers(get(top, "on"))
    if depth:
        doubts, watches = caller, ()
    elif _only_called(get(top, "on")):
        return
    for _name, job in pairs(get(top, "jobs")):
        place = _Place(tree, path, _folder(get(top, "defaults"), ""), watches, depth)
        yield from place.job(job, (*doubts, *_conditions(job)))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where steps are read: the workflow, the folder they begin in, how deep they are called."""

    tree: Tree
    path: str
    folder: str
    watches: tuple[str, ...]
    depth: int

    def job(self, job: Node, doubts: tuple[str, ...]) -> Iterator[Step]:
        """Yield the steps of a job, or of the workflow that it calls."""
        called = word(get(job, "uses"))
        if called.startswith("./"):
            yield from _workflow(self.tree, called[2:], doubts, self.depth + 1)
        elif called:
            yield Step("github", self.path, _line(get(job, "uses")), uses=called, doubts=doubts)
        folder = _folder(get(job, "defaults"), self.folder)
        shell = word(get(job, "defaults", "run", "shell"))
        for step in members(get(job, "steps")):
            yield from self.step(step, folder, shell, (*doubts, *_conditions(step)))

    def step(self, step: Node, folder: str, shell: str, doubts: tuple[str, ...]) -> Iterator[Step]:
        """Yield a step, or the steps of an action that lies in the repository."""
        used, run = get(step, "uses"), get(step, "run")
        if used is not None:
            yield Step("github", self.path, used.line, uses=word(used), doubts=doubts)
            yield from self.action(word(used), folder, doubts)
        if run is not None:
            inside = word(get(step, "working-directory"))
            yield Step(
                "github",
                self.path,
                run.line,
                script=getattr(run, "text", ""),
                folder=joined("", inside) if inside else folder,
                # Without a named shell GitHub runs `bash -e`, which hears only the last of a pipe.
                pipes_fail="bash" in (word(get(step, "shell")) or shell),
                doubts=doubts,
                watches=self.watches,
            )

    def action(self, used: str, folder: str, doubts: tuple[str, ...]) -> Iterator[Step]:
        """Yield the steps of a composite action of the repository's own."""
        if not used.startswith("./") or self.depth > _DEEPEST:
            return
        for name in ("action.yml", "action.yaml"):
            path = joined(used[2:], name)
            if self.tree.has(path):
                inner = _Place(self.tree, path, folder, self.watches, self.depth + 1)
                top = document(self.tree.text(path) or "")
                for step in members(get(top, "runs", "steps")):
                    yield from inner.step(step, folder, "", (*doubts, *_conditions(step)))


def _line(node: Node | None) -> int:
    return 1 if node is None else node.line


def _folder(defaults: Node | None, otherwise: str) -> str:
    inside = word(get(defaults, "run", "working-directory"))
    return joined("", inside) if inside else otherwise


def _conditions(node: Node) -> tuple[str, ...]:
    """Return why a job or a step would not run, or not count."""
    found = []
    when = word(get(node, "if"))
    if when and _NEVER.fullmatch(when):
        found.append("`if: false` switches it off")
    elif (match := _BY_HAND.search(when)) and "||" not in when:
        found.append(f"it runs on {match.group(1)} only")
    if word(get(node, "continue-on-error")) == "true":
        found.append("`continue-on-error: true` lets it fail unheard")
    return tuple(found)


def _only_called(on: Node | None) -> bool:
    """Say whether a workflow runs only when another calls it."""
    return set(words(on)) == {"workflow_call"}


def _triggers(on: Node | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the doubts about a workflow's triggers, and the paths it watches (none: all)."""
    events = set(words(on)) if isinstance(on, Table | Entries) else {word(on)}
    changing = sorted(events & _ON_CHANGE)
    if "workflow_run" in events:
        return (), ()
    if not changing:
        named = ", ".join(sorted(events - {""})) or "nothing"
        return (f"it runs on {named} only, never on a change",), ()
    told = [_narrowed(event, get(on, event)) for event in changing]
    if all(doubt for doubt, _ in told):
        return (told[0][0],), ()
    open_ones = [watched for doubt, watched in told if not doubt]
    return (), () if () in open_ones else tuple(path for some in open_ones for path in some)


def _narrowed(event: str, node: Node | None) -> tuple[str, tuple[str, ...]]:
    """Return why an event would miss most changes, and the paths that it watches."""
    branches = words(get(node, "branches"))
    if event == "push" and get(node, "tags") is not None and not branches:
        return "it runs on tags only", ()
    if branches and not any(_MAIN.fullmatch(branch) for branch in branches):
        return f"it runs on the branch {branches[0]!r} only", ()
    ignored = words(get(node, "paths-ignore"))
    if "**" in ignored or "*" in ignored:
        return "its `paths-ignore` leaves every change out", ()
    return "", words(get(node, "paths"))
