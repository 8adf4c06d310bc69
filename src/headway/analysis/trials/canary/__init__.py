"""Canaries: is the new version worse than the one beside it? Two judges, one answer.

    from headway.analysis.trials.canary import JUDGES, plain_config, side_of

    control, canary = side_of({"latency": before}), side_of({"latency": after})
    answer = JUDGES["headway"](control, canary, plain_config(control))
    answer.verdict  # pass, marginal, fail or no data

`headway` is ours; `kayenta` gives the verdicts and scores of Kayenta's NetflixACAJudge-v1.0.
Values are one-dimensional arrays of numbers, one a moment; NaN and infinity are counted apart.
"""

from collections.abc import Mapping
from typing import Protocol

from headway.analysis.trials.canary.answer import CanaryAnswer, MetricVerdict, Verdict
from headway.analysis.trials.canary.config import CanaryConfig, plain_config, read_config
from headway.analysis.trials.canary.judge import judge_canary
from headway.analysis.trials.canary.kayenta import judge_as_kayenta
from headway.analysis.trials.canary.series import Series, Side, read_side, side_of


class Judge(Protocol):
    """Compares a canary with its control."""

    def __call__(
        self, control: Side, canary: Side, config: CanaryConfig, *, seed: int = 0
    ) -> CanaryAnswer:
        """Return the verdict, per metric and for the canary."""
        ...


#: By the name that `--judge` takes.
JUDGES: Mapping[str, Judge] = {"headway": judge_canary, "kayenta": judge_as_kayenta}

__all__ = [
    "JUDGES",
    "CanaryAnswer",
    "CanaryConfig",
    "Judge",
    "MetricVerdict",
    "Series",
    "Side",
    "Verdict",
    "judge_as_kayenta",
    "judge_canary",
    "plain_config",
    "read_config",
    "read_side",
    "side_of",
]
