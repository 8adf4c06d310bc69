"""The calls to a tracker's REST interface: only reading, every failure a SourceError."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NoReturn

import httpx

from headway.connectors.http import Answer, Outbound
from headway.errors import SourceError

#: Longest query that the address of a next page may carry.
_QUERY_LENGTH = 8000
_NEXT = re.compile(r'<([^<>]*)>\s*;[^,<]*\brel="?next\b', re.IGNORECASE)

Params = Mapping[str, str | int]


class TrackerClient:
    """One tracker's interface at `base`; `title` names it in sentences."""

    def __init__(
        self, outbound: Outbound, title: str, base: str, headers: Mapping[str, str]
    ) -> None:
        """Ask `base` with `headers`, which sign in."""
        self._outbound = outbound
        self._title = title
        self._base = base.rstrip("/")
        self._headers = {"accept": "application/json", **headers}

    def get(self, path: str, params: Params | None = None) -> Answer:
        """Return a good answer."""
        url = f"{self._base}/{path}"
        answer = self._outbound.send_patiently("GET", url, headers=self._headers, params=params)
        return self._accepted(path, answer)

    def find(self, path: str, params: Params | None = None) -> object:
        """Return the JSON at `path`, None when it is not there or not for us."""
        return _unless_refused(lambda: self.get(path, params).json())

    def seek(self, path: str, body: Mapping[str, object]) -> object:
        """Return the answer to a question too long for an address, None when it is not taken."""
        url = f"{self._base}/{path}"

        def ask() -> object:
            answer = self._outbound.send_patiently(
                "POST", url, headers=self._headers, json=dict(body)
            )
            return self._accepted(path, answer).json()

        return _unless_refused(ask)

    def items(self, path: str, answer: Answer) -> list[object]:
        """Return the list that an answer is."""
        value = answer.json()
        if not isinstance(value, list):
            self.fail_as_stranger(path, "the answer is not a list")
        return value

    def thing(self, path: str, answer: Answer) -> Mapping[str, object]:
        """Return the object that an answer is."""
        value = answer.json()
        if not isinstance(value, dict):
            self.fail_as_stranger(path, "the answer is not an object")
        return value

    def fail_as_stranger(self, path: str, reason: str) -> NoReturn:
        """Raise that this is not the tracker it should be."""
        sentence = (
            f"{self._base} does not answer {_shown(path)} as {self._title} does ({reason}); "
            f"check that the address is {self._title}'s."
        )
        raise SourceError(sentence, retry=False)

    def _accepted(self, path: str, answer: Answer) -> Answer:
        if answer.status != 200:
            sentence = (
                f"{self._title} at {answer.destination} refused {_shown(path)} "
                f"(status {answer.status}); check the address, what is selected, and what the "
                "token may read."
            )
            raise SourceError(sentence, retry=False)
        return answer


def next_query(answer: Answer) -> str:
    """Return the query of the next page by the Link header (RFC 8288), empty at the last page.

    Only the query is taken: whatever address the header names, no request and no token goes there.
    """
    found = _NEXT.search(answer.headers.get("link", "")[: 4 * _QUERY_LENGTH])
    if not found:
        return ""
    try:
        query = httpx.URL(found[1]).query.decode("ascii", "replace")
    except (httpx.InvalidURL, ValueError, TypeError):
        return ""
    return query[:_QUERY_LENGTH]


def params_of(query: str) -> dict[str, str | int]:
    """Return the parameters of a `query` that `next_query` gave."""
    return {name: value for name, value in httpx.QueryParams(query).items() if name}


def _unless_refused(ask: Callable[[], object]) -> object:
    try:
        return ask()
    except SourceError as error:
        if error.retry:
            raise
        return None


def _shown(path: str) -> str:
    return path.partition("?")[0][:200]
