"""Bad input to a canary is a sentence that names file, place and way out."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from headway.analysis.trials.canary import read_config, read_side, side_of
from headway.analysis.trials.canary.config import Direction, Measure
from headway.errors import Invalid

GOOD: dict[str, Any] = {
    "name": "m",
    "groups": ["latency"],
    "query": {"type": "prometheus"},
    "analysisConfigurations": {
        "canary": {
            "direction": "increase",
            "nanStrategy": "replace",
            "critical": True,
            "mustHaveData": True,
            "effectSize": {"measure": "cles", "allowedIncrease": 0.7, "criticalIncrease": 1},
            "outliers": {"strategy": "remove", "outlierFactor": 2},
        }
    },
}


def test_a_side_is_read_by_the_names_of_its_columns() -> None:
    side = read_side(
        "\ufefftime,Metric,value,pod\n1,m,2.5,a\n2,m,,b\n\n3,m,NaN,c\n4,m,+Inf,d\n", "c"
    )
    series = side["m"]
    assert series.values.tolist() == [2.5]
    assert (series.gaps, series.infinite) == (2, 1)
    assert series.filled.shape == (4,)


@pytest.mark.parametrize(
    ("times", "order"),
    [
        (["10", "9", "1"], [3, 2, 1]),
        (["2026-11-23T10:00Z", "2026-11-23T10:30+01:00", "2026-11-23T09:00"], [3, 2, 1]),
        (["t2", "t10", "t1"], [1, 2, 3]),
        (["10", "2026-11-23T10:00Z", "1"], [1, 2, 3]),
    ],
)
def test_values_stand_in_the_order_of_their_times(times: list[str], order: list[int]) -> None:
    rows = [f"m,{time},{place}" for place, time in enumerate(times, start=1)]
    side = read_side("\n".join(["metric,time,value", *rows]), "c")
    assert side["m"].values.tolist() == order


def test_a_file_without_rows_is_a_side_without_data() -> None:
    assert read_side("metric,time,value\n", "c.csv") == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column 'metric'"),
        ("metric;time;value\na;1;2\n", "with commas between"),
        ("metric,value\nm,1\n", "no column 'time'"),
        ("metric,time,value,value\nm,1,2,3\n", "'value' twice"),
        ("metric,time,value\nm,1,two\n", "line 2: the value 'two' is no number"),
        ("metric,time,value\nm,1,1_000\n", "no number"),
        ("metric,time,value\nm,1,١٢\n", "no number"),
        ("metric,time,value\nm,1,1,5\n", "4 cells under 3"),
        ("metric,time,value\n,1,1\n", "line 2: the column metric is empty"),
        ("metric,time,value\nm,1,1\nm,1,2\n", "line 3: 'm' has a value at '1' already"),
        ('metric,time,value\n"m,1,1\n', "no CSV"),
    ],
)
def test_a_bad_table_is_a_sentence(text: str, said: str) -> None:
    with pytest.raises(Invalid, match=said.replace("(", r"\(")):
        read_side(text, "control.csv")


def test_an_array_of_two_dimensions_is_refused() -> None:
    with pytest.raises(Invalid, match="one row of numbers"):
        side_of({"m": [[1.0, 2.0]]})


def test_kayentas_configuration_is_read_whole() -> None:
    config = read_config(
        json.dumps(
            {
                "metrics": [GOOD],
                "classifier": {
                    "groupWeights": {"latency": 60},
                    "scoreThresholds": {"pass": 90, "marginal": 50},
                },
                "judge": {"name": "NetflixACAJudge-v1.0", "judgeConfigurations": {}},
            }
        )
    )
    metric = config.metrics[0]
    assert metric.direction is Direction.INCREASE
    assert not metric.is_removing
    assert metric.is_critical
    assert metric.must_have_data
    assert metric.effect.measure is Measure.CLES
    assert (metric.effect.allowed_increase, metric.effect.critical_increase) == (0.7, 1)
    assert (metric.drops_outliers, metric.outlier_factor) == (True, 2)
    assert (config.pass_score, config.marginal_score) == (90, 50)
    assert config.weights == {"latency": 60}
    assert not config.notes


def changed(**canary: Any) -> dict[str, Any]:
    return {**GOOD, "analysisConfigurations": {"canary": canary}}


def test_a_word_that_kayenta_does_not_know_is_noted() -> None:
    config = read_config(json.dumps({"metrics": [changed(direction="up", nanStrategy="none")]}))
    assert config.metrics[0].direction is Direction.EITHER
    assert len(config.notes) == 1
    assert "direction is 'up'" in config.notes[0]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "has to be a JSON object"),
        ("{}", "lists no metrics"),
        ('{"metrics": [{}]}', r"metrics\[0\].name is None"),
        ({"metrics": [GOOD, GOOD]}, "'m' is configured twice"),
        ({"metrics": [changed(critical="yes")]}, "critical is 'yes'"),
        ({"metrics": [changed(effectSize={"allowedIncrease": "2"})]}, "allowedIncrease is '2'"),
        ({"metrics": [changed(effectSize={"allowedIncrease": 10**400})]}, "has to be a number"),
        ('{"metrics": [{"name": "m"}], "judge": {"judgeConfigurations": {"alpha": NaN}}}', "NaN"),
        ({"metrics": [changed(outliers={"outlierFactor": 0})]}, "has to be above 0"),
        ({"metrics": [{"name": "m", "groups": "g"}]}, "list of names"),
        (
            {"metrics": [GOOD], "classifier": {"scoreThresholds": {"pass": 10, "marginal": 20}}},
            "marginal 20 and pass 10",
        ),
        ({"metrics": [GOOD], "classifier": {"groupWeights": {"latency": 120}}}, "at most 100"),
        (
            {"metrics": [GOOD], "judge": {"judgeConfigurations": {"minimumSample": 1}}},
            "minimumSample 1",
        ),
        ({"metrics": [GOOD], "judge": {"judgeConfigurations": {"effectFloor": -1}}}, "below 0"),
    ],
)
def test_a_bad_configuration_is_a_sentence(document: object, said: str) -> None:
    text = document if isinstance(document, str) else json.dumps(document)
    with pytest.raises(Invalid, match=said):
        read_config(text)


def test_no_answer_holds_a_number_that_json_does_not_know() -> None:
    from headway.analysis.trials.canary import JUDGES, plain_config

    odd = side_of({"m": [1e308, -1e308, math.nan, 0.0]})
    for judge in JUDGES.values():
        json.dumps(judge(odd, odd, plain_config(["m"])).as_json(), allow_nan=False)
        json.dumps(judge(odd, {}, plain_config(["m"])).as_json(), allow_nan=False)
