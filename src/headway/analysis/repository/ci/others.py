"""GitLab, Azure Pipelines, CircleCI, Travis, Bitbucket and Jenkins, as far as can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from headway.analysis.documents.text import Entries, Node, Scalar, Table
from headway.analysis.repository.ci.jobs import Step
from headway.analysis.repository.ci.shell import joined
from headway.analysis.repository.sources.tree import Tree
from headway.analysis.repository.yaml_text import (
    document,
    documents,
    get,
    members,
    pairs,
    scalars,
    word,
    words,
)

_GITLAB_WORDS = frozenset(
    {
        "stages", "variables", "default", "include", "workflow", "image", "services", "cache",
        "before_script", "after_script", "pages", "spec",
    }
)  # fmt: skip
_DEEPEST = 5
#: CI files by the name of their system, beside GitHub's workflows.
FILES = {
    "gitlab": (".gitlab-ci.yml", ".gitlab-ci.yaml"),
    "azure": ("azure-pipelines.yml", "azure-pipelines.yaml", ".azure-pipelines.yml"),
    "circleci": (".circleci/config.yml", ".circleci/config.yaml"),
    "travis": (".travis.yml",),
    "bitbucket": ("bitbucket-pipelines.yml",),
    "jenkins": ("Jenkinsfile",),
}


#: Files of systems whose steps are not read here.
_UNREAD = re.compile(
    r"(?:\.drone|\.woodpecker|\.cirrus|\.appveyor|appveyor|buildspec|cloudbuild|codefresh|wercker)"
    r"\.ya?ml|(?:\.ci|\.buildkite|\.tekton|\.semaphore|\.woodpecker|\.builds|\.teamcity|"
    r"bamboo-specs|\.concourse|\.harness)/.+"
)


def unread_files(tree: Tree) -> tuple[str, ...]:
    """Return the files that look like CI of a system that is not read here."""
    return tuple(path for path in tree.files if _UNREAD.fullmatch(path))


def other_files(tree: Tree) -> tuple[tuple[str, str], ...]:
    """Return (system, path) of CI files that are no workflows of GitHub."""
    found = [(system, path) for system, names in FILES.items() for path in names if tree.has(path)]
    azure = [path for path in tree.files if re.fullmatch(r"\.?azure[^/]*/[^/]+\.ya?ml", path)]
    return (*found, *(("azure", path) for path in azure))


def other_steps(tree: Tree) -> Iterator[Step]:
    """Yield the steps of these systems."""
    for system, path in other_files(tree):
        text = tree.text(path) or ""
        if system == "jenkins":
            yield from _jenkins(path, text)
        elif system == "gitlab":
            yield from _gitlab(tree, path)
        elif (top := document(text)) is not None:
            yield from _READERS[system](path, top)


def _scripts(
    system: str, path: str, node: Node | None, doubts: tuple[str, ...] = (), folder: str = ""
) -> Iterator[Step]:
    for one in scalars(node):
        yield Step(system, path, one.line, script=one.text, folder=folder, doubts=doubts)


def _gitlab(tree: Tree, path: str) -> Iterator[Step]:
    """Yield GitLab's jobs, with what they extend and the local files they include."""
    jobs: dict[str, tuple[str, Node]] = {}
    waiting, seen = [path], set()
    while waiting:
        file = waiting.pop()
        if file in seen or not tree.has(file):
            continue
        seen.add(file)
        for top in documents(tree.text(file) or ""):
            jobs |= {key.text: (file, node) for key, node in pairs(top)}
            waiting.extend(_included(get(top, "include")))
    for name, (file, job) in jobs.items():
        if isinstance(job, Table) and not name.startswith(".") and name not in _GITLAB_WORDS:
            chain = _extended(jobs, job, 0)
            script = next((found for one in chain if (found := get(one, "script"))), None)
            yield from _scripts("gitlab", file, script, _gitlab_doubts(chain))


def _included(node: Node | None) -> Iterator[str]:
    for one in node.nodes if isinstance(node, Entries) else (node,):
        local = word(get(one, "local")) if isinstance(one, Table) else word(one)
        if local and "://" not in local:
            yield local.lstrip("/")


def _extended(jobs: dict[str, tuple[str, Node]], job: Node, depth: int) -> list[Node]:
    """Return a job and what it extends, nearest first."""
    found = [job]
    if depth < _DEEPEST:
        for name in words(get(job, "extends")):
            if name in jobs:
                found.extend(_extended(jobs, jobs[name][1], depth + 1))
    return found


def _gitlab_doubts(chain: list[Node]) -> tuple[str, ...]:
    def told(key: str) -> Node | None:
        return next((found for one in chain if (found := get(one, key)) is not None), None)

    found = []
    if word(told("allow_failure")) == "true":
        found.append("`allow_failure: true` lets it fail unheard")
    rules = [word(get(rule, "when")) for rule in members_of_rules(told("rules"))]
    if word(told("when")) == "manual" or (rules and set(rules) <= {"manual", "never"}):
        found.append("it waits for a person (`when: manual`)")
    if word(told("when")) == "never":
        found.append("`when: never` switches it off")
    only = words(told("only"))
    if only and set(only) <= {"tags", "schedules", "web", "triggers", "api"}:
        found.append(f"it runs on {', '.join(only)} only")
    return tuple(found)


def members_of_rules(node: Node | None) -> tuple[Node, ...]:
    """Return the rules of a job of GitLab."""
    return node.nodes if isinstance(node, Entries) else ()


def _azure(path: str, top: Node) -> Iterator[Step]:
    by_hand = word(get(top, "trigger")) == "none" and word(get(top, "pr")) == "none"
    doubts = ("`trigger: none` and `pr: none`: it runs only by hand",) if by_hand else ()
    for node, inner in _azure_steps(top, doubts, 0):
        mine = [*inner]
        if word(get(node, "condition")) == "false" or word(get(node, "enabled")) == "false":
            mine.append("it is switched off")
        if word(get(node, "continueOnError")) == "true":
            mine.append("`continueOnError: true` lets it fail unheard")
        inside = word(get(node, "workingDirectory"))
        folder = "" if inside.startswith("$") else joined("", inside)
        for key in ("script", "bash", "pwsh", "powershell"):
            yield from _scripts("azure", path, get(node, key), tuple(mine), folder)
        inline = get(node, "inputs", "script") or get(node, "inputs", "inlineScript")
        yield from _scripts("azure", path, inline, tuple(mine), folder)


def _azure_steps(
    node: Node, doubts: tuple[str, ...], depth: int
) -> Iterator[tuple[Node, tuple[str, ...]]]:
    """Yield the steps below stages and jobs, with the doubts of all above them."""
    if depth > _DEEPEST:
        return
    if word(get(node, "condition")) == "false":
        doubts = (*doubts, "its job is switched off (`condition: false`)")
    if word(get(node, "continueOnError")) == "true" and depth:
        doubts = (*doubts, "`continueOnError: true` lets its job fail unheard")
    for step in _listed(get(node, "steps")):
        yield step, doubts
    for key in ("stages", "jobs"):
        for inner in _listed(get(node, key)):
            yield from _azure_steps(inner, doubts, depth + 1)


def _listed(node: Node | None) -> tuple[Node, ...]:
    return node.nodes if isinstance(node, Entries) else ()


def _circleci(path: str, top: Node) -> Iterator[Step]:
    named = {
        name
        for key, flow in pairs(get(top, "workflows"))
        if key.text != "version"
        for name in _circle_jobs(get(flow, "jobs"))
    }
    for name, job in pairs(get(top, "jobs")):
        unused = named and name.text not in named
        doubts = ("no workflow names its job",) if unused else ()
        for step in members(get(job, "steps")):
            run = get(step, "run")
            command = run if isinstance(run, Scalar) else get(run, "command")
            if word(get(run, "when")) == "on_fail":
                continue
            yield from _scripts("circleci", path, command, doubts)


def _circle_jobs(node: Node | None) -> Iterator[str]:
    for one in _listed(node):
        yield word(one) if isinstance(one, Scalar) else next(iter(words(one)), "")


def _travis(path: str, top: Node) -> Iterator[Step]:
    yield from _scripts("travis", path, get(top, "script"))
    for job in _listed(get(top, "jobs", "include") or get(top, "matrix", "include")):
        yield from _scripts("travis", path, get(job, "script"))


def _bitbucket(path: str, top: Node) -> Iterator[Step]:
    for key, node in pairs(get(top, "pipelines")):
        by_hand = key.text in ("custom", "tags")
        doubts = (f"it runs on {key.text} only",) if by_hand else ()
        yield from _bitbucket_steps(path, node, doubts, 0)


def _bitbucket_steps(path: str, node: Node, doubts: tuple[str, ...], depth: int) -> Iterator[Step]:
    if depth > _DEEPEST + 1:
        return
    yield from _scripts("bitbucket", path, get(node, "script"), doubts)
    inner = node.nodes if isinstance(node, Entries) else [value for _, value in pairs(node)]
    for one in inner:
        if isinstance(one, Table | Entries):
            yield from _bitbucket_steps(path, one, doubts, depth + 1)


_SH = re.compile(r"""\b(?:sh|bat)\s*\(?\s*(?:script\s*:\s*)?('{3}|"{3}|'|")(.*?)\1""", re.S)


def _jenkins(path: str, text: str) -> Iterator[Step]:
    """Yield what `sh '…'` runs; Groovy is not run, so conditions around it are not known."""
    clean = re.sub(r"^[ \t]*//.*$", "", text, flags=re.M)
    for match in _SH.finditer(clean):
        tail = clean[match.end() : match.end() + 80]
        lost = "returnStatus" in tail.split("\n")[0] or "catchError" in clean[: match.start()][-60:]
        doubts = ("its exit code is taken and not judged here",) if lost else ()
        line = clean.count("\n", 0, match.start(2)) + 1
        yield Step("jenkins", path, line, script=match.group(2), doubts=doubts)


_READERS = {
    "azure": _azure,
    "circleci": _circleci,
    "travis": _travis,
    "bitbucket": _bitbucket,
}
