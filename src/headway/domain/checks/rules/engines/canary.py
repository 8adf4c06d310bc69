"""A canary against its control, by our judge or by Kayenta's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from headway.domain.checks.rules.results import (
    EffectResult,
    Opened,
    Progress,
    RunRequest,
    RunResult,
)
from headway.errors import Invalid

if TYPE_CHECKING:
    from headway.analysis.trials.canary import CanaryAnswer, Side

ENGINE = "canary 1"

_VERDICTS = {"pass": "met", "marginal": "unmet", "fail": "unmet", "no data": "insufficient"}
_OF_METRICS = {"pass": "met", "high": "unmet", "low": "unmet", "error": "error"}


def run(request: RunRequest, progress: Progress) -> RunResult:
    """Judge the canary. Raises Invalid for tables that are no series of metric, time, value."""
    from headway.analysis.trials.canary import JUDGES, plain_config, read_config

    control, canary = _side(request.tables["control"]), _side(request.data)
    given = request.settings.get("config") or {}
    config = (
        read_config(json.dumps(given).encode())
        if given
        else plain_config(dict.fromkeys([*control, *canary]))
    )
    progress("judging", 0, 1)
    name = request.settings.get("judge") or "headway"
    return _result(JUDGES[name](control, canary, config))


def _side(data: Opened) -> Side:
    from headway.analysis.trials.canary import read_side

    if data.sort != "file" or not data.address.endswith(".csv"):
        sentence = f"{data.name} is not a CSV file of metric, time, value; export it as one."
        raise Invalid(sentence)
    try:
        return read_side(Path(data.address).read_text("utf-8-sig"), data.name)
    except UnicodeDecodeError as error:
        sentence = f"{data.name} is not UTF-8 (byte {error.start}); save it as CSV in UTF-8."
        raise Invalid(sentence) from None


def _result(answer: CanaryAnswer) -> RunResult:
    verdict = _VERDICTS[answer.verdict.value]
    effects = [
        EffectResult(
            one.config.name,
            one.control.mean,
            one.canary.mean,
            one.found.effect,
            None,
            one.found.low,
            one.found.high,
            one.found.p,
            one.control.n,
            one.canary.n,
            verdict=_OF_METRICS.get(one.verdict.value.lower(), "insufficient"),
            sentence=one.reason,
        )
        for one in answer.metrics
    ]
    return RunResult(
        verdict,
        answer.sentence,
        f"judged by {answer.judge}: a score of {answer.config.pass_score:g} passes",
        value=answer.score,
        bound=answer.config.pass_score,
        n=sum(one.canary.n for one in answer.metrics),
        word=answer.verdict.value,
        engine=ENGINE,
        effects=effects,
        notes=list(answer.notes),
    )
