"""YAML that other tools read (CI, Compose, Kubernetes), leniently and with lines: no types guessed.

Unlike the files people write for Headway these may hold anchors, merge keys, tags and several
documents. An alias is the same node again, never a copy, so a short file stays small.
"""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from headway.analysis.documents.text import Entries, Node, Scalar, Table

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_NODES = 200_000
_DEEPEST = 60
_MOST_MERGED = 5
_NULL = Scalar("", True, 1)


def documents(text: str) -> list[Node]:
    """Return the documents that can be read; what follows a fault in the file is left out."""
    found: list[Node] = []
    try:
        events = _Events(text)
        while (node := events.document()) is not None:
            found.append(node)
    except (yaml.YAMLError, RecursionError, StopIteration, ValueError):
        pass
    return found


def document(text: str) -> Node | None:
    """Return the first document; None when there is none that can be read."""
    return next(iter(documents(text)), None)


class _Events:
    """The events of a file, turned into nodes."""

    def __init__(self, text: str) -> None:
        self.events = yaml.parse(text, Loader=_LOADER)
        self.anchors: dict[str, Node] = {}
        self.count = 0

    def document(self) -> Node | None:
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                self.anchors = {}
            elif isinstance(event, yaml.NodeEvent):
                return self._node(event, 0)
        return None

    def _node(self, event: yaml.Event, depth: int) -> Node:
        self.count += 1
        if self.count > _MOST_NODES or depth > _DEEPEST:
            sentence = "too large or too deep"
            raise ValueError(sentence)
        if isinstance(event, yaml.AliasEvent):
            return self.anchors.get(event.anchor or "", _NULL)
        node = self._built(event, depth)
        anchor = getattr(event, "anchor", None)
        if anchor:
            self.anchors[anchor] = node
        return node

    def _built(self, event: yaml.Event, depth: int) -> Node:
        line = event.start_mark.line + 1 if event.start_mark is not None else 1
        if isinstance(event, yaml.ScalarEvent):
            # A block (`|`) begins on the line after its mark.
            return Scalar(event.value, not event.style, line + (event.style in ("|", ">")))
        if isinstance(event, yaml.SequenceStartEvent):
            return Entries(tuple(self._until(yaml.SequenceEndEvent, depth)), line)
        nodes = list(self._until(yaml.MappingEndEvent, depth))
        pairs = zip(nodes[::2], nodes[1::2], strict=True)
        return Table(tuple((key, node) for key, node in pairs if isinstance(key, Scalar)), line)

    def _until(self, end: type[yaml.Event], depth: int) -> Iterator[Node]:
        for event in self.events:
            if isinstance(event, end):
                return
            yield self._node(event, depth + 1)


def pairs(node: Node | None, merged: int = 0) -> Iterator[tuple[Scalar, Node]]:
    """Yield the pairs of a mapping, what it merges (`<<`) after its own; none of anything else."""
    if not isinstance(node, Table):
        return
    for key, value in node.pairs:
        if key.text != "<<":
            yield key, value
    for key, value in node.pairs:
        if key.text == "<<" and merged < _MOST_MERGED:
            for one in value.nodes if isinstance(value, Entries) else (value,):
                yield from pairs(one, merged + 1)


def get(node: Node | None, *keys: str) -> Node | None:
    """Return what stands under `keys`, one within the other; None when there is nothing."""
    for key in keys:
        node = next((value for name, value in pairs(node) if name.text == key), None)
    return node


def word(node: Node | None) -> str:
    """Return the text of one value; "" of anything else."""
    return node.text.strip() if isinstance(node, Scalar) else ""


def members(node: Node | None) -> tuple[Node, ...]:
    """Return the members of a list; one value is a list of one."""
    if isinstance(node, Entries):
        return node.nodes
    return () if node is None or isinstance(node, Table) else (node,)


def scalars(node: Node | None, depth: int = 0) -> Iterator[Scalar]:
    """Yield the values of a list, of lists in it too."""
    for one in members(node):
        if isinstance(one, Scalar):
            yield one
        elif depth < _MOST_MERGED:
            yield from scalars(one, depth + 1)


def words(node: Node | None) -> tuple[str, ...]:
    """Return the texts of a list, or the keys of a mapping."""
    if isinstance(node, Table):
        return tuple(key.text for key, _ in pairs(node))
    return tuple(one.text for one in scalars(node))
