"""What a file of Python says: its imports, its calls by whole name, its functions. Never run."""

from __future__ import annotations

import ast
import warnings
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

_MOST_BYTES = 1_000_000
_MOST_PARTS = 8
#: Stands for the names in `**arguments`, which may be any.
SPREAD = "**"


@dataclass(frozen=True, slots=True)
class Call:
    """A call of `name` ("numpy.random.seed") on a line, with the arguments it was given.

    `given` are the names of arguments whose value is not None; `positional` counts the others.
    """

    name: str
    line: int
    given: frozenset[str]
    positional: int

    @property
    def last(self) -> str:
        """Return the last part of the name: "fit" of "model.fit"."""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Function:
    """A function or method: where, its decorators, and whether it asserts anything."""

    name: str
    line: int
    decorators: tuple[str, ...]
    asserts: bool


@dataclass(frozen=True, slots=True)
class Code:
    """A file of Python. `imports` is line by module, `names` what each local name stands for."""

    imports: dict[str, int]
    calls: tuple[Call, ...]
    functions: tuple[Function, ...]
    keys: dict[str, int]

    def imports_any(self, packages: frozenset[str]) -> bool:
        """Say whether any of these packages is imported."""
        return any(module.partition(".")[0] in packages for module in self.imports)


def read_code(text: str) -> Code | None:
    """Return what a file says; None when it is not Python that can be parsed here."""
    if len(text) > _MOST_BYTES:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found = _Found()
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        found.note(node)
        # Quicker than ast.walk by half; a large repository has millions of nodes.
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, ast.AST):
                waiting.append(value)
            elif isinstance(value, list):
                waiting.extend(one for one in value if isinstance(one, ast.AST))
    return found.code()


class _Found:
    """The nodes of a file that are of use, and what each local name stands for."""

    def __init__(self) -> None:
        self.imports: dict[str, int] = {}
        self.aliases: dict[str, str] = {}
        self.called: list[ast.Call] = []
        self.defined: list[ast.FunctionDef | ast.AsyncFunctionDef] = []
        self.asserted: list[int] = []
        self.keys: dict[str, int] = {}
        self.made: dict[str, ast.expr] = {}
        self.takes: dict[type[ast.AST], Callable[..., object]] = {
            ast.Call: self.called.append,
            ast.FunctionDef: self.defined.append,
            ast.AsyncFunctionDef: self.defined.append,
            ast.Assert: self._assert,
            ast.Dict: self._dict,
            ast.Assign: self._assign,
            ast.Import: self._import,
            ast.ImportFrom: self._import_from,
        }

    def note(self, node: ast.AST) -> None:
        take = self.takes.get(type(node))
        if take is not None:
            take(node)

    def _assert(self, node: ast.Assert) -> None:
        if not isinstance(node.test, ast.Constant):
            self.asserted.append(node.lineno)

    def _dict(self, node: ast.Dict) -> None:
        for key in node.keys:
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                self.keys.setdefault(key.value, key.lineno)

    def _assign(self, node: ast.Assign) -> None:
        """Note `model = RandomForestClassifier(…)`, so that `model.fit` can be told from others."""
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Name) and isinstance(value, ast.Call):
            self.made.setdefault(target.id, value.func)

    def _import(self, node: ast.Import) -> None:
        for name in node.names:
            self.imports.setdefault(name.name, node.lineno)
            if name.asname:
                self.aliases[name.asname] = name.name

    def _import_from(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        self.imports.setdefault(module, node.lineno)
        for name in node.names:
            whole = f"{module.rstrip('.')}.{name.name}" if module.strip(".") else name.name
            self.aliases[name.asname or name.name] = whole
            self.imports.setdefault(whole, node.lineno)

    def code(self) -> Code:
        """Return what was found, in order of lines."""
        for name, made in self.made.items():
            if name not in self.aliases and (whole := _dotted(made, self.aliases)):
                self.aliases[name] = whole
        told = (_call(node, self.aliases) for node in self.called)
        calls = sorted((call for call in told if call is not None), key=lambda call: call.line)
        failing = sorted([*self.asserted, *(one.line for one in calls if _is_assertion(one))])
        functions = tuple(_function(node, self.aliases, failing) for node in self.defined)
        in_order = tuple(sorted(functions, key=lambda function: function.line))
        return Code(self.imports, tuple(calls), in_order, self.keys)


def _call(node: ast.Call, aliases: dict[str, str]) -> Call | None:
    name = _dotted(node.func, aliases)
    if not name:
        return None
    given = frozenset(
        word.arg or SPREAD for word in node.keywords if word.arg is None or not _is_none(word.value)
    )
    return Call(name, node.lineno, given, len(node.args))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _dotted(node: ast.expr, aliases: dict[str, str]) -> str:
    """Return the whole name of what is called; what it is called on may be anything ("?").

    `Forest(3).fit` is "Forest.fit".
    """
    parts: list[str] = []
    while isinstance(node, ast.Attribute | ast.Call) and len(parts) < _MOST_PARTS:
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif parts:
            node = node.func
        else:
            return ""
    if isinstance(node, ast.Name):
        parts.append(aliases.get(node.id, node.id))
    elif not parts:
        return ""
    else:
        parts.append("?")
    return ".".join(reversed(parts))


def _function(
    node: ast.FunctionDef | ast.AsyncFunctionDef, aliases: dict[str, str], failing: list[int]
) -> Function:
    """Return a function; it asserts something when a line of it is among the failing ones."""
    decorators = tuple(
        _dotted(one.func if isinstance(one, ast.Call) else one, aliases)
        for one in node.decorator_list
    )
    at = bisect_left(failing, node.lineno)
    asserts = at < len(failing) and failing[at] <= (node.end_lineno or node.lineno)
    return Function(node.name, node.lineno, decorators, asserts)


def _is_assertion(call: Call) -> bool:
    """Say whether a call can fail a test: `assertEqual`, `assert_allclose`, `pytest.raises`."""
    last = call.last.lower()
    if last in ("asserttrue", "assertfalse"):
        return True
    return last.startswith("assert") or call.name in (
        "pytest.raises",
        "pytest.warns",
        "pytest.fail",
        "raises",
    )
