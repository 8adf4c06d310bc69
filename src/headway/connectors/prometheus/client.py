"""Prometheus' query interface: two questions, each answered whole or with a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from headway.connectors.http import Answer, Outbound, ServerOptions
from headway.errors import SourceError

MOST_SERIES = 20


@dataclass(frozen=True, slots=True)
class Series:
    """One series of an answer: its labels, and (seconds since 1970, value as text) in order."""

    labels: Mapping[str, str]
    points: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """An answer: series, those beyond the cap or of native histograms counted, and warnings."""

    series: tuple[Series, ...]
    left_out: int
    warnings: tuple[str, ...]


class PrometheusClient:
    """Asks one server; GET alone, so that a read-only proxy lets it through."""

    def __init__(self, outbound: Outbound, options: ServerOptions) -> None:
        self._outbound, self._options = outbound, options

    def count(self, query: str) -> int:
        """Return how many series a query gives now, by the server's own clock."""
        data = self._data("query", {"query": query})[0]
        result = data.get("result")
        is_one = data.get("resultType") in {"scalar", "string"}
        return 1 if is_one else len(result) if isinstance(result, list) else 0

    def range(self, query: str, start: int, end: int, step: int) -> Matrix:
        """Return the points of a query from `start` to `end`, both included, in seconds."""
        params: dict[str, str | int] = {"query": query, "start": start, "end": end, "step": step}
        data, warnings = self._data("query_range", params)
        result = data.get("result")
        rows = [one for one in result if isinstance(one, dict)] if isinstance(result, list) else []
        usable = [one for one in rows if isinstance(one.get("values"), list)]
        kept = tuple(_series(one) for one in usable[:MOST_SERIES])
        return Matrix(kept, len(rows) - len(kept), warnings)

    def _data(
        self, path: str, params: Mapping[str, str | int]
    ) -> tuple[Mapping[str, object], tuple[str, ...]]:
        """Return the data of a good answer and its warnings. Raises SourceError."""
        url = f"{self._options.url}/api/v1/{path}"
        headers = self._options.headers
        answer = self._outbound.send_patiently("GET", url, headers=headers, params=params)
        whole = self._whole(answer)
        data, warnings = whole.get("data"), whole.get("warnings")
        if whole.get("status") != "success" or not isinstance(data, dict):
            raise SourceError(_refused(answer, whole), retry=False)
        listed = warnings if isinstance(warnings, list) else []
        return data, tuple(_plain(str(one)) for one in listed[:20])

    def _whole(self, answer: Answer) -> Mapping[str, object]:
        value = answer.json()
        if isinstance(value, dict):
            return value
        sentence = (
            f"{answer.destination} answered with something that is not Prometheus' interface; "
            "give the address of the server, without /api."
        )
        raise SourceError(sentence, retry=False)


def _series(row: Mapping[str, object]) -> Series:
    labels = row.get("metric")
    values = row.get("values")
    points = [
        (float(pair[0]), str(pair[1])[:40])
        for pair in (values if isinstance(values, list) else [])
        if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], int | float)
    ]
    named = labels if isinstance(labels, dict) else {}
    return Series({str(key): str(one) for key, one in named.items()}, tuple(points))


def _refused(answer: Answer, whole: Mapping[str, object]) -> str:
    """Return what Prometheus itself says is wrong: a query that it cannot read, mostly."""
    kind, error = _plain(str(whole.get("errorType") or "")), _plain(str(whole.get("error") or ""))
    if not error:
        return f"{answer.destination} did not answer the query (status {answer.status})."
    return f"{answer.destination} refused the query ({kind or answer.status}): {error.rstrip('.')}."


def _plain(text: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in text[:300]).split())
