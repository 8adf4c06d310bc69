"""The typed fields of a plan file: those of any file, and ranges and moments."""

from __future__ import annotations

from headway.analysis.documents.fields import Fields as AnyFields
from headway.analysis.documents.text import Entries, Table
from headway.analysis.schedule.plan import Estimate, Moment


class Fields(AnyFields):
    """The fields of one table of a plan file."""

    __slots__ = ()

    def moment(self, key: str, *, dated: bool) -> Moment | None:
        """Return the date under `key`, or the number in a plan that is not `dated`."""
        return self.day(key) if dated else self.number(key)

    def estimate(self, key: str) -> Estimate | None:
        """Return the range under `key`: three numbers, or one that is certain."""
        node = self.node(key)
        if node is None:
            return None
        rule = "optimistic, most likely and pessimistic, like [3, 5, 9], or one number"
        parts = node.nodes if isinstance(node, Entries) else (node,)
        if isinstance(node, Table) or len(parts) not in (1, 3):
            written = node if isinstance(node, Table) else f"a list of {len(parts)}"
            self.note(f"`{key}` is {written}; write {rule}.", node.line)
            return None
        scalars = [self.as_scalar(key, part, rule) for part in parts]
        numbers = [self.as_number(key, scalar) for scalar in scalars if scalar is not None]
        sound = [number for number in numbers if number is not None]
        if len(sound) == len(parts):
            return Estimate(sound[0], sound[len(sound) // 2], sound[-1])
        return None
