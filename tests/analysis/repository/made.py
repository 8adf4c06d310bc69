"""Repositories made of texts, in memory: a path and what stands there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from headway.analysis.repository.answer import Audit, Finding
from headway.analysis.repository.auditing import audit_tree
from headway.analysis.repository.rules import Rules
from headway.analysis.repository.sources.tree import Entry, Tree

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
TRAIN = """
from sklearn.ensemble import RandomForestClassifier

def train(rows, labels):
    return RandomForestClassifier(random_state=7).fit(rows, labels)
"""
TEST = "def test_sum() -> None:\n    assert sum([1, 2]) == 3\n"


def made(files: Mapping[str, str | bytes]) -> Tree:
    """Return a tree that holds these files."""
    held = {
        path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()
    }
    entries = tuple(Entry(path, len(data)) for path, data in sorted(held.items()))
    return Tree("made", entries, held.get)


def audited(
    files: Mapping[str, str | bytes], rules: Rules | None = None, within: str = ""
) -> Audit:
    """Return the audit of these files."""
    return audit_tree(made(files), within, AT, rules or Rules())


def finding(id: str, files: Mapping[str, str | bytes], project: str = "") -> Finding:
    """Return the answer to one check."""
    found = [one for one in audited(files).findings if one.id == id and one.project == project]
    assert len(found) == 1, found
    return found[0]


def verdict(id: str, files: Mapping[str, str | bytes]) -> str:
    """Return the verdict of one check."""
    return finding(id, files).verdict.value
