"""Security: secrets in files, and workflows that hold too much or run what is not theirs."""

from __future__ import annotations

import re

from headway.analysis.documents.text import Node, Table
from headway.analysis.repository.answer import Finding, met, missing, not_applicable, unmet
from headway.analysis.repository.checks.seen import Seen
from headway.analysis.repository.ci.github import workflows
from headway.analysis.repository.secrets import secrets
from headway.analysis.repository.yaml_text import document, get, members, pairs, word, words

_COMMIT = re.compile(r"@[0-9a-f]{40}(?:[0-9a-f]{24})?$|@sha256:[0-9a-f]{64}$")
_OWN = ("actions/", "github/", "./")
_FOREIGN = re.compile(r"github\.event\.pull_request\.head|github\.head_ref|refs/pull/")
_SPOKEN = re.compile(
    r"\$\{\{\s*github\.(?:event\.(?:issue|pull_request|comment|review|head_commit|discussion)"
    r"\.(?:title|body|message|head\.ref)|head_ref)"
)


def no_secrets(seen: Seen) -> Finding:
    """No file holds what looks like a secret; what is found is shown masked."""
    if not seen.tree.files:
        return missing("secrets", "There is no file to look into.")
    found = secrets(seen.tree)
    grave = [one for one in found if not seen.project.is_test(one.path)]
    if not found:
        return met("secrets", f"Nothing in {len(seen.tree.files):,} files looks like a secret.")
    told = (grave or list(found))[0]
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    sentence = (
        f"{told.path} holds what looks like {told.what}: {told.shown}{more}. Take it back where it "
        "came from; removing the line leaves it in the history."
    )
    return unmet("secrets", sentence, *(f"{one.path}:{one.line}" for one in (*grave, *found)))


def workflow_danger(seen: Seen) -> Finding:
    """No workflow runs a stranger's code, or a stranger's words, with the repository's rights."""
    paths = workflows(seen.tree)
    if not paths:
        return not_applicable("workflow-danger", "There are no workflows of GitHub.")
    for path in paths:
        top = document(seen.tree.text(path) or "")
        trusted = {"pull_request_target", "workflow_run"} & set(words(get(top, "on")))
        for step in _steps(top):
            place = _dangerous(step, bool(trusted))
            if place is not None:
                line, sentence = place
                return unmet("workflow-danger", sentence, f"{path}:{line}")
    sentence = "No workflow runs a stranger's code or words with the repository's rights."
    return met("workflow-danger", sentence, f"{paths[0]}:1")


def _steps(top: Node | None) -> list[Node]:
    return [step for _, job in pairs(get(top, "jobs")) for step in members_of(get(job, "steps"))]


def members_of(node: Node | None) -> tuple[Node, ...]:
    """Return the steps of a list that are mappings."""
    return tuple(one for one in members(node) if isinstance(one, Table))


def _dangerous(step: Node, trusted: bool) -> tuple[int, str] | None:
    used = get(step, "uses")
    reference = word(get(step, "with", "ref")) + word(get(step, "with", "repository"))
    if trusted and used is not None and "checkout" in word(used) and _FOREIGN.search(reference):
        return used.line, "A stranger's branch is checked out where secrets are at hand."
    run = get(step, "run")
    match = _SPOKEN.search(getattr(run, "text", ""))
    if run is not None and match:
        line = run.line + getattr(run, "text", "").count("\n", 0, match.start())
        return (
            line,
            "A stranger's words are put into a script: pass them as an environment variable.",
        )
    return None


def workflow_permissions(seen: Seen) -> Finding:
    """Workflows say which rights they need, and do not ask for all."""
    paths = workflows(seen.tree)
    if not paths:
        return not_applicable("workflow-permissions", "There are no workflows of GitHub.")
    loose: list[str] = []
    for path in paths:
        top = document(seen.tree.text(path) or "")
        granted = get(top, "permissions")
        jobs = [job for _, job in pairs(get(top, "jobs"))]
        of_jobs = [get(job, "permissions") for job in jobs]
        if any(word(one) == "write-all" for one in (granted, *of_jobs)):
            loose.append(f"{path}:{granted.line if granted is not None else 1}")
        elif granted is None and (not jobs or any(one is None for one in of_jobs)):
            loose.append(f"{path}:1")
    if loose:
        sentence = (
            f"{len(loose)} of {len(paths)} workflows say nothing of their rights, or take all."
        )
        return unmet("workflow-permissions", sentence, *loose)
    return met("workflow-permissions", "Each workflow names its rights.", f"{paths[0]}:1")


def actions_pinned(seen: Seen) -> Finding:
    """Actions of others are fixed to a commit; GitHub's own may be named by a tag."""
    used = [ran for ran in seen.project.automation.ran if ran.words[0] == "uses"]
    foreign = [ran for ran in used if not ran.words[1].startswith(_OWN)]
    if not used:
        return not_applicable("actions-pinned", "No workflow uses an action.")
    loose = [ran for ran in foreign if not _COMMIT.search(ran.words[1])]
    if loose:
        names = ", ".join(dict.fromkeys(ran.words[1] for ran in loose[:3]))
        sentence = f"{len(loose)} uses of foreign actions can change overnight ({names})."
        return unmet("actions-pinned", sentence, *(ran.places[-1] for ran in loose))
    sentence = (
        "Foreign actions are fixed to a commit."
        if foreign
        else "Only GitHub's own actions are used."
    )
    return met("actions-pinned", sentence, used[0].places[-1])
