"""The frame around a member's page: which places there are, and who looks."""

from __future__ import annotations

from datetime import datetime

from django.urls import NoReverseMatch, reverse

from headway import __version__
from headway.domain.accounts.queries import Place
from headway.domain.accounts.rules import Actor, Permission, may
from headway.interfaces.web.layout.shell import Shell, known_places

#: Place of the left navigation → name of its route. A place whose route is missing is not shown.
ROUTE_NAMES = {
    "home": "home",
    "programs": "programs",
    "systems": "systems",
    "releases": "releases",
    "people": "money",
    "governance": "governance",
    "settings": "settings",
}
#: Addresses below the workspace's that belong to a place although they do not begin like it.
ALSO = {
    "programs": ("projects/", "new-program/", "import/"),
    "people": ("money/", "people/", "vendors/", "vendor-", "new-person/", "new-vendor/"),
    "governance": ("evidence/",),
}


def frame_of(actor: Actor, place: Place, at: datetime | None, *, pinned: bool = False) -> Shell:
    """Return what stands around a page of `place` for `actor`, looking from `at`."""
    home = f"/w/{place.slug}/"
    addresses = {key: _address(name, place.slug) for key, name in ROUTE_NAMES.items()}
    if not may(actor, Permission.VIEW):
        addresses = {key: addresses[key] for key in ("home", "settings")}
    known = {key: address for key, address in addresses.items() if address}
    also = {key: tuple(home + tail for tail in tails) for key, tails in ALSO.items()}
    return Shell(
        workspace=place.name,
        home=home,
        places=known_places(known, also),
        member=actor.label,
        role=str(place.role),
        at=at,
        pinned=pinned,
        palette=_address("palette", place.slug),
        account=reverse("profile"),
        sign_out=reverse("account_logout"),
        version=__version__,
    )


def _address(name: str, slug: str) -> str:
    """Return the address of route `name` in workspace `slug`, or nothing when there is none."""
    try:
        return reverse(name, kwargs={"workspace": slug})
    except NoReverseMatch:
        return ""
