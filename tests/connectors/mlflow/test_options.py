from __future__ import annotations

import base64

import pytest

from headway.connectors.http import Outbound
from headway.connectors.mlflow.connector import MlflowConnector
from headway.connectors.mlflow.options import MlflowOptions
from headway.connectors.registry import KINDS, checked_options, connect
from headway.errors import Invalid

URL = "https://ml.example.org"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        (URL, "ml.example.org"),
        (f"{URL}:443/", "ml.example.org"),
        ("http://ML.example.org:5000", "ml.example.org:5000"),
        (f"{URL}/team-a/", "ml.example.org/team-a"),
        (f"{URL}/@x", "ml.example.org/%40x"),
        ("http://[::1]:5000", "[::1]:5000"),
    ],
)
def test_a_server_has_a_short_stable_name(url: str, server: str) -> None:
    assert MlflowOptions(url=url).server == server


def test_a_given_name_outlives_a_move() -> None:
    assert MlflowOptions(url=URL, name="lab").server == "lab"


def test_a_token_is_bearer_and_a_pair_is_basic() -> None:
    assert MlflowOptions(url=URL).headers == {}
    bearer = MlflowOptions.model_validate({"url": URL, "token": " abc\n"}).headers
    assert bearer == {"authorization": "Bearer abc"}
    basic = MlflowOptions.model_validate({"url": URL, "token": "alice:a:b"}).headers
    text = basic["authorization"].removeprefix("Basic ")
    assert base64.b64decode(text) == b"alice:a:b"


def test_a_token_shows_in_no_text() -> None:
    options = MlflowOptions.model_validate({"url": URL, "token": "hunter2"})
    assert "hunter2" not in f"{options!r} {options} {options.model_dump_json()}"


FAULTS: list[dict[str, object]] = [
    {},
    {"url": "ml.example.org"},
    {"url": f"{URL}?token=hunter2"},
    {"url": "https://alice:hunter2@ml.example.org"},
    {"url": URL, "token": "hunter2\nX-Evil: 1"},
    {"url": URL, "token": "hunter2é"},
    {"url": URL, "experiments": [""]},
    {"url": URL, "project": "Not A Slug"},
    {"url": URL, "name": "a/b"},
    {"url": URL, "page_size": 0},
    {"url": URL, "overlap_minutes": -1},
    {"url": URL, "hunter": 2},
    {"url": URL, "model_prefix": "a@b"},
]


@pytest.mark.parametrize("options", FAULTS)
def test_a_fault_is_named_without_its_value(options: dict[str, object]) -> None:
    with pytest.raises(Invalid) as caught:
        checked_options("mlflow", options)
    told = [str(caught.value), *(problem.sentence for problem in caught.value.problems)]
    assert "hunter2" not in " ".join(told)


def test_each_fault_has_its_place() -> None:
    with pytest.raises(Invalid) as caught:
        checked_options("mlflow", {"url": URL, "page_size": 0, "projects": {"*": "Not A Slug"}})
    assert {problem.where for problem in caught.value.problems} == {"page_size", "projects/*"}


def test_an_unknown_kind_is_answered_with_the_known_ones() -> None:
    with pytest.raises(Invalid, match="mlflow"):
        checked_options("trello", {})


def test_a_kind_makes_its_connector() -> None:
    with Outbound() as outbound:
        made = connect("mlflow", {"url": URL, "token": "t"}, outbound)
    assert isinstance(made, MlflowConnector)
    assert made.source == "mlflow:ml.example.org"
    assert all(name == kind.name for name, kind in KINDS.items())


def test_the_first_matching_glob_decides() -> None:
    options = MlflowOptions(url=URL, projects={"a*": "one", "ab": "two"}, project="rest")
    assert [options.project_of_experiment(name) for name in ("ab", "b")] == ["one", "rest"]
