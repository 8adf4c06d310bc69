"""Secrets in files: known shapes, and values of telling names that look drawn by chance.

A secret is never kept: what is returned holds its first letters and its length.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from headway.analysis.repository.sources.tree import Tree

#: (what it is, bytes that have to be there, the whole shape)
_SHAPES = tuple(
    (what, marks, re.compile(shape))
    for what, marks, shape in (
        ("an AWS access key", (b"AKIA", b"ASIA"), r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
        ("a GitHub token", (b"gh",), r"\bgh[pousr]_[A-Za-z0-9]{36,}|\bgithub_pat_\w{60,}"),
        ("a GitLab token", (b"glpat-",), r"\bglpat-[\w-]{20,}"),
        ("a Slack token", (b"xox",), r"\bxox[abprs]-[\w-]{20,}"),
        ("a Google API key", (b"AIza",), r"\bAIza[\w-]{35}\b"),
        ("a Stripe key", (b"k_live_",), r"\b[sr]k_live_[A-Za-z0-9]{16,}"),
        ("a Hugging Face token", (b"hf_",), r"\bhf_[A-Za-z0-9]{30,}\b"),
        (
            "an OpenAI key",
            (b"sk-",),
            r"\bsk-(?:proj-|svcacct-)?(?=[\w-]{0,200}\d)(?=[\w-]{0,200}[A-Z])[\w-]{32,}",
        ),
        ("an Anthropic key", (b"sk-ant-",), r"\bsk-ant-[\w-]{20,}"),
        ("a PyPI token", (b"pypi-",), r"\bpypi-AgE[\w-]{50,}"),
        ("an npm token", (b"npm_",), r"\bnpm_[A-Za-z0-9]{36}\b"),
        ("a Databricks token", (b"dapi",), r"\bdapi[0-9a-f]{32}\b"),
        ("a SendGrid key", (b"SG.",), r"\bSG\.[\w-]{16,}\.[\w-]{30,}"),
        ("an Azure storage key", (b"AccountKey=",), r"AccountKey=[A-Za-z0-9+/]{60,}={0,2}"),
        (
            "a private key",
            (b"PRIVATE KEY-----",),
            r"-----BEGIN (?:[A-Z]{1,20} ){0,4}PRIVATE KEY-----[\\nr\s]{1,20}[A-Za-z0-9+/=]{20,}",
        ),
        (
            "a password in an address",
            (b"://",),
            r"\b[a-z][a-z0-9+]{2,20}://[^\s:/@\"'<>{}$]{1,60}:[^\s:/@\"'<>{}$\[\]()%*]{6,80}@[\w.-]+",
        ),
    )
)
_SHAPE_MARKS = tuple({mark for _what, marks, _shape in _SHAPES for mark in marks})
_MARKS = (b"secret", b"token", b"passw", b"credential")
_KEY_MARKS = tuple(
    f"{first}{between}key".encode()
    for first in ("api", "access", "private")
    for between in ("", "_", "-")
)
_NAME = re.compile(
    r"(?i)api[_-]?key|secret|token|passw(?:or)?d|access[_-]?key|private[_-]?key|credential"
)
#: What may stand after such a name: `="…"`, `": "…"`, `: str = "…"`.
_ASSIGNED = re.compile(
    r"""([\w-]{0,20})(?:\[?\\?["']\]?)?\s{0,8}(?::\s{0,3}\w+\s{0,3})?(?::=|=>|[:=])\s{0,8}[rbuf]{0,2}"""
    r"""(\\?["'])([^"'\\\s]{12,200})\2"""
)
_IN_SETTINGS = re.compile(r"""(\w{0,20})\s{0,8}()[=:]\s{0,8}([^\s"'#<>${}]{12,200})\s*$""", re.M)
_BEFORE = re.compile(r"[\w.-]{0,40}$")
_MADE_UP = re.compile(
    r"example|sample|change.?me|placeholder|your|my[_-]|dummy|fake|mock|test|redact|xxx|\.\.\.|"
    r"123456|abcdef|<|>|\$\{|\{\{|%\(|os\.environ|getenv|secrets?\.|lorem|insert|todo|replace|"
    r"not[_-]?a|insecure|password|passwd|https?://|[*]{3}|localhost|user:|minioadmin|postgres:postgres|hunter2|0{8}",
    re.I,
)
_LEAST_ENTROPY = 3.3
_SETTINGS = (
    ".env",
    ".ini",
    ".cfg",
    ".conf",
    ".properties",
    ".yml",
    ".yaml",
    ".toml",
    ".sh",
    "dockerfile",
)
#: Where values are made up to try things: only known shapes count there.
_TRIED = re.compile(
    r"(?:^|/)(?:tests?|testing|docs?|examples?|fixtures?|cassettes)/|(?:^|/)(?:test_[^/]*|conftest\.py)$",
    re.I,
)
#: Files made by tools: digests everywhere, secrets of nobody.
_MADE = re.compile(
    r"(?:^|/)(?:[\w.-]*\.lock|package-lock\.json|conda-lock\.ya?ml|constraints[\w.-]*\.txt|yarn\.lock|"
    r"[\w.-]+\.min\.(?:js|css)|[\w.-]+\.(?:svg|map|csv|tsv|po|pot|ipynb_meta))$"
)
_LONGEST_LINE = 20_000
_MOST_FOUND = 200
#: Most places with a telling name that are looked at in one file.
_MOST_NAMES = 5_000


@dataclass(frozen=True, slots=True)
class Secret:
    """What looks like a secret: of which sort, where, and how much of it may be shown."""

    what: str
    path: str
    line: int
    shown: str


def secrets(tree: Tree) -> tuple[Secret, ...]:
    """Return what looks like a secret in the text files of a repository, each place once."""
    found: dict[tuple[str, int], Secret] = {}
    for path in tree.files:
        if len(found) >= _MOST_FOUND:
            break
        if _MADE.search(path):
            continue
        data = tree.data(path)
        if data:
            for secret in _in_file(tree, path, data):
                found.setdefault((secret.path, secret.line), secret)
    return tuple(found.values())


def _in_file(tree: Tree, path: str, data: bytes) -> Iterator[Secret]:
    wide = b"\0" in data[:4_096]
    marked = {mark for mark in _SHAPE_MARKS if mark in data}
    shapes = (
        [one for one in _SHAPES if wide or not marked.isdisjoint(one[1])] if marked or wide else []
    )
    named = not _TRIED.search(path) and (wide or _names_something(data.lower()))
    text = (tree.text(path) or "") if shapes or named else ""
    if not text:
        return
    for what, _marks, shape in shapes:
        for match in shape.finditer(text):
            if not _MADE_UP.search(match.group()[:200]) and not _too_long(text, match.start()):
                yield Secret(what, path, _line(text, match.start()), _masked(what, match.group()))
    if named:
        yield from _named(path, text)


def _names_something(lowered: bytes) -> bool:
    """Say whether a telling name may stand there: most files are passed over by this."""
    if any([mark in lowered for mark in _MARKS]):
        return True
    return b"key" in lowered and any(mark in lowered for mark in _KEY_MARKS)


def _named(path: str, text: str) -> Iterator[Secret]:
    """Yield values of telling names; in settings they may stand without quotes."""
    settings = path.lower().endswith(_SETTINGS) or "/.env" in f"/{path}"
    expressions = (_ASSIGNED, _IN_SETTINGS) if settings else (_ASSIGNED,)
    for name in islice(_NAME.finditer(text), _MOST_NAMES):
        for expression in expressions:
            match = expression.match(text, name.end(), name.end() + 300)
            if match is None or not _is_secret(text, name, match):
                continue
            told = f"a value for {name.group()}{match[1]}"
            yield Secret(told, path, _line(text, name.start()), _masked("", match[3]))
            break


def _is_secret(text: str, name: re.Match[str], match: re.Match[str]) -> bool:
    before = _BEFORE.search(text, max(0, name.start() - 40), name.start())
    whole = f"{before.group() if before else ''}{name.group()}{match[1]}"
    value = match[3]
    return _is_drawn(value) and not _MADE_UP.search(value) and not _harmless(whole)


def _harmless(name: str) -> bool:
    """Say whether a name only sounds so: `token_type`, `tokenizer`, `secret_name`."""
    return bool(
        re.search(
            r"(?i)tokeni[sz]|_(?:type|name|url|uri|path|file|id|header|length|count|expiry|format|ref|arn|hash|digest|endpoint|class|pattern)$|next_?page|cancell?ation|tokens$",
            name,
        )
    )


def _is_drawn(value: str) -> bool:
    """Say whether a value looks drawn by chance: letters and digits mixed, high entropy."""
    mixed = re.search(r"\d", value) and re.search(r"[A-Za-z]", value)
    plain = re.fullmatch(r"[A-Za-z0-9+/=_\-.!@#%^&*~]+", value)
    words = re.fullmatch(r"(?:[a-z]+[-_./])*[a-z]+\d{0,4}", value, re.I)
    path = value.count("/") > 1 and not value.endswith("=")
    call = re.search(r"\w\.\w+\.\w", value) and not re.match(r"eyJ", value)
    return (
        bool(mixed and plain and not words and not path and not call)
        and entropy(value) >= _LEAST_ENTROPY
    )


def entropy(text: str) -> float:
    """Return Shannon's entropy of a text in bits a letter."""
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values()) if text else 0.0


def _masked(what: str, value: str) -> str:
    """Return the first letters and the length: enough to find it, too little to use it."""
    if what == "a private key":
        return "-----BEGIN …"
    if what == "a password in an address":
        return f"{value.partition('://')[0]}://…"
    return f"{value[:4]}… ({len(value)} characters)"


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _too_long(text: str, at: int) -> bool:
    """Say whether the line is so long that it holds a picture or a bundle, not words."""
    start, end = text.rfind("\n", 0, at), text.find("\n", at)
    return (len(text) if end < 0 else end) - start > _LONGEST_LINE
