"""A policy of our own: its versions, and writing the next one."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.accounts.queries import names_by_address
from headway.domain.compliance.actions.policies import add_policy_version
from headway.domain.compliance.queries.packs import packs_of, policy_named, policy_versions
from headway.domain.compliance.rules.assigning import PolicyDraft
from headway.domain.programs.rules.fields import day
from headway.errors import Conflict, Invalid
from headway.interfaces.web.frameworks.answering import AREA
from headway.interfaces.web.frameworks.forms import PolicyForm, policy_text
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.editing import Done, Edit, edit_page

#: What a new policy begins with: enough to see how one is written.
STARTER = """pack: release-policy
title: Release policy
words: What has to be true before a model reaches people.
groups:
  - {id: Before, title: Before a release}
controls:
  - id: RP-1
    title: A rollback was tried within 90 days
    group: Before
    evidence:
      - {kind: drill, where: {drill: rollback}, is: {passed: true}, within: 90}
  - id: RP-2
    title: Those who depend on it were told
    group: Before
    review_days: 180
"""

#: Faults of a file that are told at once.
MOST_TOLD = 12


def policy(request: WorkspaceRequest, policy: str) -> HttpResponse:
    """Show a policy: what holds now, the versions and who wrote them, the newest as written."""
    facts = policy_named(request.actor, policy, request.at)
    versions = policy_versions(request.actor, request.at, key=policy)
    packs = packs_of(request.actor, request.at)
    names = names_by_address(request.actor)
    day_ = (request.at or request.now).date()
    earlier = ("", *(one.pack for one in versions))
    rows = [
        (one, packs[one.pack], names.get(one.author, "a member"), before)
        for one, before in zip(versions, earlier, strict=False)
    ]
    values = {
        "policy": facts,
        "rows": list(reversed(rows)),
        "holds": next((row for row in rows if row[1].in_force(day_)), None),
        "newest": versions[-1] if versions else None,
        "live": is_live(request),
    }
    return render(request, "frameworks_web/policy.html", values)


def add(request: WorkspaceRequest) -> HttpResponse:
    """Write a new policy; its file names it."""
    page = address(request, "frameworks")
    held = {"text": STARTER, "effective_from": request.now.date()}
    edit = Edit(
        "New policy",
        page,
        PolicyForm.reading(request),
        lambda values, _version: _saved(request, "", values),
        held,
        blame="text",
        button="Keep version 1",
        area=AREA,
    )
    return edit_page(request, lambda: edit)


def change(request: WorkspaceRequest, policy: str) -> HttpResponse:
    """Write the next version of a policy; those before it stay as they are."""
    facts = policy_named(request.actor, policy)
    newest = policy_versions(request.actor, key=policy)[-1]
    edit = Edit(
        f"Version {facts.newest + 1} of {facts.title}",
        address(request, "policy", policy=policy),
        PolicyForm.reading(request),
        lambda values, _version: _saved(request, policy, values),
        {"text": newest.text, "owner": facts.owner},
        blame="text",
        button=f"Keep version {facts.newest + 1}",
        area=AREA,
    )
    return edit_page(request, lambda: edit)


def _saved(request: WorkspaceRequest, policy: str, values: dict[str, object]) -> Done:
    starts = day("effective_from", values["effective_from"])
    if starts is None:
        sentence = "Say from which day the policy holds."
        raise Invalid(sentence)
    draft = PolicyDraft(
        policy_text(values), starts, str(values["reason"] or ""), str(values["owner"] or "")
    )
    try:
        made = add_policy_version(request.actor, policy, draft, request.now)
    except Invalid as error:
        raise Invalid(_told(error)) from error
    except Conflict as error:
        raise Invalid(str(error)) from error
    return Done(f"Version {made.number} is kept; it holds from {made.effective_from:%-d %b %Y}.")


def _told(error: Invalid) -> str:
    """Return every fault of the file, each with its line."""
    if len(error.problems) < 2:
        return str(error)
    told = [f"{one.where}: {one.sentence}" for one in error.problems[:MOST_TOLD]]
    more = len(error.problems) - len(told)
    return " ".join(told) + (f" And {more} more." if more else "")
