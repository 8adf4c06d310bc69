"""What is odd about the links of a plan: those that say nothing, open ends, work out of sequence.

The ends of work are states: "A has started", "A has finished". A link from one state to another
says that the second comes no earlier, and the finish of an item comes no earlier than its start.
A link is redundant where other links say as much already: its removal moves no date, whatever the
durations turn out to be (transitive reduction; Aho, Garey and Ullman 1972).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from headway.analysis.schedule.network import Edge, Network
from headway.analysis.schedule.plan import Item, LagUnit, Link, LinkType, Moment, Plan

_FROM_FINISH = (LinkType.FS, LinkType.FF)
_TO_START = (LinkType.FS, LinkType.SS)
#: Links with a lag whose redundancy is worked out; each is a walk over the network.
MOST_LAGGED = 200


@dataclass(frozen=True, slots=True)
class RedundantLink:
    """A link that other links imply, through the items `through` between its two ends."""

    item: str
    predecessor: str
    type: LinkType
    through: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Say which other links imply it."""
        path = " → ".join((self.predecessor, *self.through, self.item))
        return (
            f"The link {self.predecessor} → {self.item} ({self.type}) says nothing that "
            f"{path} does not; it can be removed without moving a date."
        )


@dataclass(frozen=True, slots=True)
class OpenEnds:
    """Items by id that something is missing before or after.

    `open_start` have predecessors, and none binds their start; `open_finish` have successors, and
    none waits for their finish, so that they may last for ever without moving anything.
    """

    no_predecessor: tuple[str, ...]
    no_successor: tuple[str, ...]
    open_start: tuple[str, ...]
    open_finish: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutOfSequence:
    """Work that went on before what it was said to wait for; the link was not kept."""

    item: str
    predecessor: str
    type: LinkType
    sentence: str


def open_ends(network: Network) -> OpenEnds:
    """Return the items without links at one of their ends, the first and the last among them."""
    out: list[list[Edge]] = [[] for _ in network.ids]
    for into in network.edges:
        for edge in into:
            out[edge.source].append(edge)
    numbered = list(enumerate(network.ids))
    return OpenEnds(
        tuple(name for n, name in numbered if not network.edges[n]),
        tuple(name for n, name in numbered if not out[n]),
        tuple(name for n, name in numbered if _lacks_start(network.edges[n])),
        tuple(name for n, name in numbered if _lacks_finish(out[n])),
    )


def _lacks_start(into: Sequence[Edge]) -> bool:
    return bool(into) and not any(edge.type in _TO_START for edge in into)


def _lacks_finish(out: Sequence[Edge]) -> bool:
    return bool(out) and not any(edge.type in _FROM_FINISH for edge in out)


def redundant_links(network: Network) -> list[RedundantLink]:
    """Return the links that others imply, in the order of the items.

    Links with a negative lag neither are redundant nor imply anything; a positive lag is implied
    by links whose lags add up to as much, in plans with one calendar. Links into work that has
    begun bind nothing any more and are left alone.
    """
    before = _Implied(network)
    found: list[RedundantLink] = []
    lagged = 0
    for number, into in enumerate(network.edges):
        if number in network.fixed or len(into) < 2 or network.fallback_of[number]:
            continue
        kept = list(into)
        for edge in into:
            others = [other for other in kept if other is not edge]
            if not before.implies(number, edge, others):
                continue
            if edge.lag > 0.0:
                lagged += 1
                if lagged > MOST_LAGGED or not _lags_suffice(network, number, edge, others):
                    continue
            kept.remove(edge)
            through = before.between(number, edge, others)
            ids = network.ids
            names = tuple(ids[member] for member in through)
            found.append(RedundantLink(ids[number], ids[edge.source], edge.type, names))
    return found


class _Implied:
    """For each item the states that are sure to come no later than its start, and its finish.

    A set of states is a whole number: bit 2n is the start of item n, bit 2n + 1 its finish.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self.start = [0] * len(network.ids)
        self.finish = [0] * len(network.ids)
        for number in network.order:
            into = [edge for edge in network.edges[number] if edge.lag >= 0.0]
            fallback_of = network.fallback_of[number]
            if number in network.fixed:
                into = []
            elif fallback_of:  # One that is not taken stands where its experiments end.
                into = [edge for edge in into if edge.source in fallback_of]
            begun = self._union(into, to_start=True) | 1 << 2 * number
            self.start[number] = begun
            self.finish[number] = begun | self._union(into, to_start=False) | 2 << 2 * number

    def _union(self, edges: Sequence[Edge], *, to_start: bool) -> int:
        states = 0
        for edge in edges:
            if (edge.type in _TO_START) is to_start:
                states |= self.before(edge)
        return states

    def before(self, edge: Edge) -> int:
        """Return the states that come no later than the end from which a link leaves."""
        return (self.finish if edge.type in _FROM_FINISH else self.start)[edge.source]

    def implies(self, number: int, edge: Edge, others: Sequence[Edge]) -> bool:
        """Say whether `others` put the state that `edge` leaves from before the end it binds."""
        countable = edge.unit is LagUnit.WORKING and (edge.lag == 0.0 or self.network.one_calendar)
        if edge.lag < 0.0 or not (countable or edge.lag == 0.0):
            return False
        return bool(self._said(edge, others) & _state(edge))

    def _said(self, edge: Edge, others: Sequence[Edge]) -> int:
        at_start = edge.type in _TO_START
        said = self._union([other for other in others if other.lag >= 0.0], to_start=True)
        if not at_start:
            said |= self._union([other for other in others if other.lag >= 0.0], to_start=False)
        return said

    def between(self, number: int, edge: Edge, others: Sequence[Edge]) -> list[int]:
        """Return the items on one way by which `others` imply `edge`, in the order of the work."""
        state = _state(edge)
        way: list[int] = []
        edges = list(others)
        while True:
            step = next(other for other in edges if other.lag >= 0.0 and self.before(other) & state)
            if step.source == edge.source:
                return way[::-1]
            way.append(step.source)
            edges = list(self.network.edges[step.source])


def _state(edge: Edge) -> int:
    return (2 if edge.type in _FROM_FINISH else 1) << 2 * edge.source


def _lags_suffice(network: Network, number: int, edge: Edge, others: Sequence[Edge]) -> bool:
    """Say whether some way along `others` has lags that add up to that of `edge`."""
    least = {_state(edge): 0.0}
    if edge.type not in _FROM_FINISH:
        least[2 << 2 * edge.source] = 0.0
    for member in network.order:
        into = others if member == number else network.edges[member]
        if member == edge.source or (member in network.fixed and member != number):
            continue
        begun = _longest(into, least, to_start=True)
        ended = max(_longest(into, least, to_start=False), begun)
        if member == number:
            return max(begun, ended if edge.type not in _TO_START else begun) >= edge.lag
        if begun >= 0.0:
            least[1 << 2 * member] = begun
        if ended >= 0.0:
            least[2 << 2 * member] = ended
    return False


def _longest(into: Sequence[Edge], least: dict[int, float], *, to_start: bool) -> float:
    """Return the largest sum of lags up to one end of an item; −1 where no way leads to it."""
    longest = -1.0
    for edge in into:
        if edge.lag >= 0.0 and (edge.type in _TO_START) is to_start and _state(edge) in least:
            lag = edge.lag if edge.unit is LagUnit.WORKING else 0.0
            longest = max(longest, least[_state(edge)] + lag)
    return longest


def out_of_sequence(plan: Plan) -> list[OutOfSequence]:
    """Return the links that actual work did not keep: each with a sentence, in plan order.

    A handover on one day is in sequence. Links with a lead (a negative lag) allow work to overlap
    and are not judged.
    """
    items = {item.id: item for item in plan.items}
    found = []
    for item in plan.items:
        for link in item.after:
            predecessor = items.get(link.predecessor)
            if predecessor is not None and link.lag >= 0.0:
                sentence = _broken(item, link, predecessor)
                if sentence:
                    found.append(OutOfSequence(item.id, predecessor.id, link.type, sentence))
    return found


def _broken(item: Item, link: Link, predecessor: Item) -> str:
    """Return how what happened breaks a link; nothing when it was kept or is still open."""
    mine, own = ("started", item.started) if link.type in _TO_START else ("finished", item.finished)
    theirs, other = (
        ("finished", predecessor.finished)
        if link.type in _FROM_FINISH
        else ("started", predecessor.started or predecessor.finished)
    )
    if mine == "started" and own is None and item.finished is not None:
        own = item.finished
    if own is None or (other is not None and not _is_later(other, own)):
        return ""
    begins = f"Item {item.id!r} {mine} {own}"
    if other is None:
        return f"{begins} and {predecessor.id!r}, which it waits for, has not {theirs} yet."
    return f"{begins}, before {predecessor.id!r}, which it waits for, {theirs} {other}."


def _is_later(one: Moment, other: Moment) -> bool:
    if isinstance(one, date) and isinstance(other, date):
        return one > other
    return not isinstance(one, date) and not isinstance(other, date) and one > other
