"""Where a command leads: a target of make, an environment of tox, a script, a task."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from configparser import ConfigParser
from configparser import Error as ConfigError

from headway.analysis.repository.ci.shell import Command, Script, commands, joined
from headway.analysis.repository.manifests import toml
from headway.analysis.repository.sources.tree import Tree
from headway.analysis.repository.yaml_text import document, get, pairs, scalars

#: Programs that run another one: what follows their own options is the command.
_WRAPPERS = {
    "sudo": 0, "env": 0, "time": 0, "nice": 0, "exec": 0, "command": 0, "xvfb-run": 0, "npx": 0,
    "uvx": 0, "pipx": 1, "uv": 1, "poetry": 1, "pipenv": 1, "pdm": 1, "rye": 1, "pixi": 1,
    "hatch": 1, "conda": 1, "mamba": 1, "micromamba": 1, "timeout": 1, "srun": 0, "dvc": 1,
}  # fmt: skip
_LONGEST = 2_000
_TAKES_VALUE = frozenset(
    {
        "-n", "-p", "-e", "-E", "--name", "--prefix", "--with", "--python", "--group",
        "--extra", "--environment", "--env", "--manifest-path", "--directory", "--project",
        "--only-group", "--with-requirements",
    }
)  # fmt: skip
_MANAGERS = frozenset(
    {
        "npm",
        "yarn",
        "pnpm",
        "poe",
        "just",
        "task",
        "invoke",
        "inv",
        "pixi",
        "hatch",
        "pdm",
        "rye",
        "mise",
    }
)


def unwrapped(command: Command) -> tuple[str, ...]:
    """Return the words of a command without the programs that only run it: `uv run pytest`."""
    words = command.words
    for _ in range(4):
        head = words[0].rpartition("/")[2] if words else ""
        if head not in _WRAPPERS or (_WRAPPERS[head] and words[1:2] and not _runs(head, words)):
            break
        words = _after_options(words[1 + _WRAPPERS[head] :])
    return words


def _runs(head: str, words: tuple[str, ...]) -> bool:
    return head == "timeout" or words[1] in ("run", "x")


def _after_options(words: tuple[str, ...]) -> tuple[str, ...]:
    at = 0
    while at < len(words) and (words[at].startswith("-") or "=" in words[at].split("/")[0]):
        at += 2 if words[at] in _TAKES_VALUE else 1
    return words[at:]


def followed(tree: Tree, command: Command) -> Iterator[tuple[str, Command]]:
    """Yield (file, command) that a command leads to in the repository; nothing for a program."""
    words = unwrapped(command)
    head = words[0].rpartition("/")[2] if words else ""
    if head in _FOLLOWERS:
        yield from _FOLLOWERS[head](tree, command.folder, words)
    elif head in ("bash", "sh", "zsh") or words[:1] and words[0].endswith(".sh"):
        yield from _script(tree, command.folder, words if head.endswith(".sh") else words[1:])
    elif head in ("python", "python3") and words[1:2] == ("-m",):
        inner = words[2:3]
        if inner and inner[0] in _FOLLOWERS:
            yield from _FOLLOWERS[inner[0]](tree, command.folder, words[2:])
    for told in dict.fromkeys((command.words, words)):
        if told and told[0] in _MANAGERS:
            yield from _task(tree, command.folder, told)


def _script(tree: Tree, folder: str, words: tuple[str, ...]) -> Iterator[tuple[str, Command]]:
    """Follow a shell script of the repository, or the text of `bash -c`."""
    if words[:1] and words[0].startswith("-") and "c" in words[0] and len(words) > 1:
        for one in commands(Script(words[1], 1, folder)):
            yield "", one
        return
    named = next((word for word in words if not word.startswith("-")), "")
    for path in (joined(folder, named), joined("", named)):
        if named and tree.has(path):
            text = tree.text(path) or ""
            for one in commands(Script(text, 1, folder, "pipefail" in text)):
                yield path, one
            return


_TARGET = re.compile(r"^([^\s:#=][^:#=]*?)\s*::?(?!=)\s*([^#\n]*)")


def _make(tree: Tree, folder: str, words: tuple[str, ...]) -> Iterator[tuple[str, Command]]:
    if "-C" in words[:-1]:
        at = words.index("-C")
        folder, words = joined(folder, words[at + 1]), words[:at] + words[at + 2 :]
    if "-n" in words or "--dry-run" in words:
        return
    for name in ("Makefile", "makefile", "GNUmakefile"):
        path = joined(folder, name)
        if tree.has(path):
            wanted = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
            # A line is cut, so that no pattern can be made slow by a long one.
            lines = [line[:_LONGEST] for line in tree.lines(path)]
            yield from _targets(lines, path, folder, wanted)


def _targets(
    lines: list[str], path: str, folder: str, wanted: list[str]
) -> Iterator[tuple[str, Command]]:
    """Yield the commands of targets and of what they need first; the first target by default."""
    needs, recipes = _rules(lines)
    waiting = list(wanted) or [next((name for name in needs if not name.startswith(".")), "")]
    variables = dict(re.findall(r"^(\w+)\s*[:?]?=\s*(.*?)\s*(?:#.*)?$", "\n".join(lines), re.M))
    seen: set[str] = set()
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        waiting.extend(needs.get(name, ()))
        for line, text in recipes.get(name, ()):
            yield from _recipe(path, folder, line, text, variables)


def _recipe(
    path: str, folder: str, line: int, text: str, variables: dict[str, str]
) -> Iterator[tuple[str, Command]]:
    mark = re.match(r"[@+\s-]*", text)
    marks = mark.group() if mark else ""
    body = re.sub(
        r"\$[({](\w+)[)}]",
        lambda match: "make" if match[1] == "MAKE" else variables.get(match[1], match[0]),
        text[len(marks) :],
    )
    for one in commands(Script(body, line, folder, pipes_fail=False)):
        doubts = ("make is told to ignore its failure (`-`)",) if "-" in marks else ()
        yield path, Command(one.words, line, one.folder, (*one.doubts, *doubts))


def _rules(lines: list[str]) -> tuple[dict[str, list[str]], dict[str, list[tuple[int, str]]]]:
    """Return needs by target, and (line, text) of recipes by target."""
    needs: dict[str, list[str]] = {}
    recipes: dict[str, list[tuple[int, str]]] = {}
    current: list[str] = []
    held, start = "", 0
    for number, line in enumerate(lines, 1):
        if line.startswith("\t") or held:
            start = start or number
            held += line.strip().removesuffix("\\") + " "
            if not line.rstrip().endswith("\\"):
                for name in current:
                    recipes.setdefault(name, []).append((start, held.strip()))
                held, start = "", 0
        elif match := _TARGET.match(line):
            current = match[1].split()
            for name in current:
                needs.setdefault(name, []).extend(match[2].replace("|", " ").split(";")[0].split())
    return needs, recipes


def _tox(tree: Tree, folder: str, words: tuple[str, ...]) -> Iterator[tuple[str, Command]]:
    for name, prefix in (("tox.ini", "testenv"), ("setup.cfg", "tox:testenv")):
        path = joined(folder, name)
        text = tree.text(path) if tree.has(path) else None
        if text is not None:
            yield from _tox_file(path, folder, text, prefix, _environments(words))
    path = joined(folder, "pyproject.toml")
    if tree.has(path):
        legacy = toml(tree, path).get("tool", {})
        text = legacy.get("tox", {}).get("legacy_tox_ini") if isinstance(legacy, dict) else None
        if isinstance(text, str):
            yield from _tox_file(path, folder, text, "testenv", _environments(words))
    path = joined(folder, "tox.toml")
    if tree.has(path):
        yield from _anywhere(tree, path, folder)


def _environments(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the environments that `tox -e a,b` names; none: all of them."""
    for flag in ("-e", "--env"):
        if flag in words[:-1]:
            return tuple(words[words.index(flag) + 1].split(","))
    return ()


def _tox_file(
    path: str, folder: str, text: str, prefix: str, wanted: tuple[str, ...]
) -> Iterator[tuple[str, Command]]:
    parser = ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except ConfigError:
        return
    base = parser.get(prefix, "commands", fallback="")
    named = [f"{prefix}:{name}" for name in wanted if parser.has_section(f"{prefix}:{name}")]
    sections = named if wanted else [one for one in parser.sections() if one.startswith(prefix)]
    texts = [parser.get(one, "commands", fallback=base) for one in sections] or [base]
    if len(named) < len(wanted):
        texts.append(base)
    for body in dict.fromkeys(texts):
        for one in commands(Script(body, 1, folder)):
            ignored = one.words[0] == "-" or one.words[0].startswith("-")
            doubts = ("tox is told to ignore its failure (`-`)",) if ignored else ()
            words = tuple(word for word in one.words if not word.startswith("{posargs"))
            words = words[1:] if words[0] == "-" else words
            yield (
                path,
                Command(words, _line_of(text, one.words), one.folder, (*one.doubts, *doubts)),
            )


def _line_of(text: str, words: tuple[str, ...]) -> int:
    """Return the line on which the first word of a command with its second stands."""
    wanted = " ".join(words[:2])
    at = text.find(wanted)
    return text.count("\n", 0, max(at, 0)) + 1


def _nox(tree: Tree, folder: str, words: tuple[str, ...]) -> Iterator[tuple[str, Command]]:
    path = joined(folder, "noxfile.py")
    if tree.has(path):
        yield from _anywhere(tree, path, folder)


_RUN = re.compile(r"""(?:run|commands?)\W{0,6}((?:["'][^"']+["'],?\s*)+)""")


def _anywhere(tree: Tree, path: str, folder: str) -> Iterator[tuple[str, Command]]:
    """Yield what a file of sessions passes to `run(…)`: lists of quoted words."""
    text = re.sub(r"^[ \t]*#.*$", "", tree.text(path) or "", flags=re.M)
    for match in _RUN.finditer(text):
        words = tuple(re.findall(r"""["']([^"']+)["']""", match[1]))
        if words:
            yield path, Command(words, text.count("\n", 0, match.start()) + 1, folder)


def _task(tree: Tree, folder: str, words: tuple[str, ...]) -> Iterator[tuple[str, Command]]:
    """Follow a task of package.json, pyproject.toml, pixi.toml, a justfile or a Taskfile."""
    named = [one for one in words[1:] if not one.startswith("-") and one != "run"]
    name = named[0] if named else "test"
    for path, line, text in _tasks(tree, folder):
        if path.rpartition("#")[2] in (name, name.rpartition(":")[2]):
            file = path.rpartition("#")[0]
            for one in commands(Script(text, line, folder)):
                yield file, Command(one.words, line, one.folder, one.doubts)


def _tasks(tree: Tree, folder: str) -> Iterator[tuple[str, int, str]]:
    """Yield (file#task, line, shell) of the tasks that manifests in a folder define."""
    for name, reader in _TASK_FILES.items():
        path = joined(folder, name)
        if tree.has(path):
            yield from reader(tree, path)


def _package_tasks(tree: Tree, path: str) -> Iterator[tuple[str, int, str]]:
    yield from _named(tree, path, _scripts_of(tree.text(path) or ""))


def _table_tasks(tree: Tree, path: str) -> Iterator[tuple[str, int, str]]:
    yield from _named(tree, path, _toml_tasks(toml(tree, path)))


def _just_tasks(tree: Tree, path: str) -> Iterator[tuple[str, int, str]]:
    _needs, recipes = _rules([re.sub(r"^ +", "\t", one) for one in tree.lines(path)])
    for task, lines in recipes.items():
        for line, text in lines:
            yield f"{path}#{task}", line, text.lstrip("@-")


def _yaml_tasks(tree: Tree, path: str) -> Iterator[tuple[str, int, str]]:
    for key, task in pairs(get(document(tree.text(path) or ""), "tasks")):
        for one in scalars(get(task, "cmds")):
            yield f"{path}#{key.text}", one.line, one.text


_TASK_FILES: dict[str, Callable[[Tree, str], Iterator[tuple[str, int, str]]]] = {
    "package.json": _package_tasks,
    "pyproject.toml": _table_tasks,
    "pixi.toml": _table_tasks,
    "mise.toml": _table_tasks,
    ".mise.toml": _table_tasks,
    "justfile": _just_tasks,
    "Justfile": _just_tasks,
    "Taskfile.yml": _yaml_tasks,
    "Taskfile.yaml": _yaml_tasks,
}


def _named(tree: Tree, path: str, tasks: dict[str, str]) -> Iterator[tuple[str, int, str]]:
    text = tree.text(path) or ""
    for name, shell in tasks.items():
        word = re.escape(name)
        at = re.search(
            rf"""^[ \t]*(?:["']?{word}["']?\s*[:=]|\[tasks\.["']?{word}["']?\])""", text, re.M
        )
        yield f"{path}#{name}", text.count("\n", 0, at.start()) + 1 if at else 1, shell


def _scripts_of(text: str) -> dict[str, str]:
    try:
        scripts = json.loads(text).get("scripts", {})
    except (ValueError, AttributeError, RecursionError):
        return {}
    return {str(name): str(value) for name, value in scripts.items()} if scripts else {}


def _toml_tasks(document: dict[str, object]) -> dict[str, str]:
    """Return shell by task, wherever a manifest keeps tasks (poe, pdm, hatch, taskipy, pixi)."""
    found: dict[str, str] = {}
    waiting: list[tuple[str, object]] = [("", document.get("tool")), ("", document.get("tasks"))]
    if isinstance(document.get("tasks"), dict):
        waiting.append(("tasks", document["tasks"]))
    for _ in range(2_000):
        if not waiting:
            break
        name, value = waiting.pop()
        if not isinstance(value, dict):
            continue
        for key, inner in value.items():
            if name in ("tasks", "scripts", "task"):
                found |= _shell(key, inner)
            waiting.append((key, inner))
    return found


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _shell(name: str, value: object) -> dict[str, str]:
    if isinstance(value, str):
        return {name: value}
    if isinstance(value, list):
        return {name: "\n".join(_strings(value))}
    if isinstance(value, dict):
        first = [f"mise run {one}" for one in _strings(value.get("depends"))]
        keys = ("cmd", "shell", "composite", "run")
        told: object = next((value[key] for key in keys if key in value), None)
        return {name: "\n".join([*first, *_strings(told)])}
    return {}


_FOLLOWERS: dict[str, Callable[[Tree, str, tuple[str, ...]], Iterator[tuple[str, Command]]]] = {
    "make": _make,
    "gmake": _make,
    "tox": _tox,
    "nox": _nox,
}
