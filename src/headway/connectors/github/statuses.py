"""Saying on a commit how a gate stands: the one thing that is written to GitHub."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from headway.connectors.github.options import GithubOptions
from headway.connectors.http import Outbound
from headway.errors import SourceError

#: The interface that takes statuses in this shape.
_HEADERS = {"X-GitHub-Api-Version": "2022-11-28", "accept": "application/vnd.github+json"}

#: What GitHub shows of a description.
LONGEST_DESCRIPTION = 140

SHA = re.compile(r"[0-9a-f]{40}")

#: A repository that has no such commit answers so.
_NOT_HERE = (404, 422)


@dataclass(frozen=True, slots=True)
class CommitStatus:
    """A status: `context` names what says so, `link` leads to why."""

    context: str
    state: Literal["success", "pending", "failure", "error"]
    description: str
    link: str


def body_of(status: CommitStatus) -> dict[str, str]:
    """Return a status as GitHub takes it."""
    words = status.description
    if len(words) > LONGEST_DESCRIPTION:
        words = f"{words[: LONGEST_DESCRIPTION - 1].rstrip()}…"
    return {
        "state": status.state,
        "target_url": status.link,
        "description": words,
        "context": status.context,
    }


def post_status(outbound: Outbound, options: GithubOptions, sha: str, status: CommitStatus) -> str:
    """Post a status to the repository that has the commit, and return that repository.

    Raises SourceError: `retry` says whether the same may work later.
    """
    headers = {**_HEADERS, **options.headers}
    for repository in options.repositories:
        url = f"{options.url.rstrip('/')}/repos/{repository}/statuses/{sha}"
        answer = outbound.send("POST", url, headers=headers, json=body_of(status))
        if answer.status == 201:
            return repository
        if answer.status not in _NOT_HERE:
            sentence = (
                f"GitHub at {answer.destination} refused a status on {repository} "
                f"(status {answer.status}); check that the token may write commit statuses."
            )
            raise SourceError(sentence, retry=answer.is_busy)
    sentence = (
        f"None of {', '.join(options.repositories)} has the commit {sha[:12]}, or the token may "
        "not write commit statuses there."
    )
    raise SourceError(sentence, retry=False)
