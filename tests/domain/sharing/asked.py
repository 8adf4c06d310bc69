"""A decision that waits in a small program, for those who are asked from outside."""

from __future__ import annotations

from datetime import timedelta

from tests.cast import AT, Cast

from headway.domain.plans.actions import add_item, link_items, set_decision
from headway.domain.plans.actions.links import LinkDraft
from headway.domain.programs.actions import create_program, create_project

HOUR = timedelta(hours=1)
PLACE = ("fraud", "vendor-b")

FASTER = {
    "key": "vendor",
    "name": "Add vendor B",
    "words": "Twice the hands.",
    "changes": [{"item": "scores/label", "field": "remaining", "now": [10, 15, 20]}],
}
ASKED = {
    "question": "Vendor B for the labels?",
    "background": "Labels arrive late.",
    "owner": "ana@example.com",
    "due": "2026-12-01",
    "recommended": "vendor",
    "options": [FASTER, {"key": "wait", "name": "Wait", "changes": []}],
}


def a_question(cast: Cast) -> None:
    """Ask in program "fraud" whether a vendor should label, in place of Acme's own two."""
    create_program(cast.mia, {"name": "Fraud", "slug": "fraud", "target": "2027-06-30"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores", "slug": "scores"}, AT)
    begun = (AT - timedelta(days=1)).date().isoformat()
    label = {"name": "Label", "estimate": [30, 40, 60], "remaining": [30, 40, 60], "started": begun}
    add_item(cast.bob, "scores", "label", label, AT)
    add_item(cast.bob, "scores", "train", {"name": "Train", "estimate": [5, 8, 12]}, AT)
    link_items(cast.bob, LinkDraft("scores/train", "scores/label"), AT)
    set_decision(cast.bob, "fraud", "vendor-b", ASKED, AT)


def secret_in(address: str) -> str:
    """Return the secret of a link's address."""
    return address.rstrip("/").rpartition("/")[2]
