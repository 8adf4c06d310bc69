"""What evidence says of items that follow it, on the pages of the item and of the forecast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headway.domain.programs.rules import ProgramFacts
from headway.domain.progress.queries import FollowedItem, followed_items
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address, is_live


@dataclass(frozen=True, slots=True)
class ToldByEvidence:
    """An item that follows evidence: what that says, its page, and where it is taken over."""

    followed: FollowedItem
    page: str
    earned: str


def told_by_evidence(
    request: WorkspaceRequest, program: ProgramFacts, *, only: str = ""
) -> Sequence[ToldByEvidence]:
    """Return the open items (or the one at `only`) that follow evidence, with their pages."""
    at = request.at or request.now
    found = followed_items(request.actor, program, at, live=is_live(request), only=only)
    earned = address(request, "earned_value", program=program.slug)
    return [
        ToldByEvidence(
            one, address(request, "item", project=one.project, item=one.item.key), earned
        )
        for one in found
        if one.item.finished is None
    ]


def undated(told: Sequence[ToldByEvidence]) -> Sequence[ToldByEvidence]:
    """Return those whose evidence has no date: their ranges in the plan are somebody's hope."""
    return [one for one in told if one.followed.proposal.decide]
