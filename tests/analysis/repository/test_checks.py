"""What each check takes for an answer: by files that are just so, and files that are just not."""

from __future__ import annotations

import json

import pytest
from tests.analysis.repository.made import TEST, TRAIN, audited, finding, verdict

from headway.analysis.repository.catalogue import CATALOGUE
from headway.analysis.repository.rules import parse_rules
from headway.errors import Invalid

PROJECT = '[project]\nname = "x"\ndependencies = ["numpy>=2,<3", "scikit-learn~=1.5"]\n'
CODE = {"src/x/train.py": TRAIN}


def notebook(*cells: str, counts: tuple[int | None, ...] = (), output: str = "") -> str:
    return json.dumps(
        {
            "cells": [
                {
                    "cell_type": "code",
                    "execution_count": counts[at] if counts else at + 1,
                    "source": text.splitlines(keepends=True),
                    "outputs": [{"text": [output]}] if output else [],
                }
                for at, text in enumerate(cells)
            ],
            "nbformat": 4,
        },
        indent=1,
    )


def test_an_empty_repository_scores_nothing_as_a_pass() -> None:
    answer = audited({})
    assert {one.verdict.value for one in answer.findings} == {"missing"}
    assert {one.id for one in answer.findings} == {one.id for one in CATALOGUE}
    assert not answer.passed


def test_a_repository_without_code_is_not_sound() -> None:
    answer = audited({"README.md": "word " * 60 + "install", "LICENSE": "MIT"})
    assert not answer.passed
    assert finding("seeds", {"README.md": "x"}).verdict.value == "not_applicable"


def test_every_check_is_answered_once_with_places_that_are_there() -> None:
    files = CODE | {"pyproject.toml": PROJECT, "tests/test_x.py": TEST}
    answer = audited(files)
    assert sorted(one.id for one in answer.findings) == sorted(one.id for one in CATALOGUE)
    for one in answer.findings:
        for place in one.evidence:
            path, _, line = place.rpartition(":")
            assert 1 <= int(line) <= len(files[path].split("\n")), place
    ranks = [(one.is_fine, one.verdict.value == "not_applicable") for one in answer.findings]
    assert ranks == sorted(ranks)


UV = (
    'version = 1\n[[package]]\nname = "numpy"\nversion = "{0}"\n'
    'sdist = {{hash = "sha256:aa"}}\n[[package]]\nname = "scikit-learn"\n'
    'version = "1.5.2"\n'
)
LOCKS = {
    "uv.lock": UV.format("2.1.0"),
    "poetry.lock": UV.format("2.1.0"),
    "requirements.txt": (
        "numpy==2.1.0 \\\n    --hash=sha256:aa\nscikit_learn==1.5.2 \\\n    --hash=sha256:bb\n"
    ),
    "Pipfile.lock": (
        '{"default": {"numpy": {"version": "==2.1.0", "hashes": ["sha256:a"]}, '
        '"scikit-learn": {"version": "==1.5.2", "hashes": ["sha256:a"]}}}'
    ),
    "pixi.lock": (
        "packages:\n- conda: https://c/noarch/numpy-2.1.0-py312.conda\n"
        "  sha256: aa\n- pypi: https://f/x/scikit_learn-1.5.2-cp312.whl\n"
        "  sha256: bb\n"
    ),
    "conda-lock.yml": (
        "package:\n- {name: numpy, version: 2.1.0, hash: {sha256: a}}\n"
        "- {name: scikit-learn, version: 1.5.2}\n"
    ),
}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_that_holds_what_the_manifest_needs_is_met(name: str) -> None:
    files = CODE | {"pyproject.toml": PROJECT, name: LOCKS[name]}
    assert verdict("lock", files) == "met"
    assert verdict("lock-digests", files) == "met"


def test_a_lock_of_another_manifest_is_unmet_and_says_by_which_package() -> None:
    old = finding("lock", CODE | {"pyproject.toml": PROJECT, "uv.lock": UV.format("1.26.4")})
    assert old.verdict.value == "unmet"
    assert "numpy at 1.26.4" in old.sentence
    lacking = PROJECT.replace('"numpy', '"pandas", "numpy')
    answer = finding("lock", CODE | {"pyproject.toml": lacking, "uv.lock": UV.format("2.1.0")})
    assert "pandas is not in it" in answer.sentence
    assert answer.evidence == ("pyproject.toml:3", "uv.lock:1")


def test_ranges_alone_are_no_lock_and_exact_versions_without_digests_are_told() -> None:
    assert verdict("lock", CODE | {"pyproject.toml": PROJECT}) == "unmet"
    pins = CODE | {"requirements.txt": "numpy==2.1.0\nscikit-learn==1.5.2\n"}
    assert (verdict("lock", pins), verdict("lock-digests", pins)) == ("met", "unmet")
    assert verdict("lock", CODE) == "missing"
    assert verdict("lock", {"README.md": "x"}) == "not_applicable"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("def test_a():\n    assert f() == 1\n", "met"),
        (
            ("import pytest\ndef test_a():\n    with pytest.raises(ValueError):\n        f()\n"),
            "met",
        ),
        ("class TestA:\n    def test_a(self):\n        self.assertEqual(f(), 1)\n", "met"),
        ("def test_a():\n    numpy.testing.assert_allclose(a, b)\n", "met"),
        ("def test_a():\n    f()\n", "unmet"),
        ("def test_a():\n    assert True\n", "unmet"),
        ("import pytest\n@pytest.mark.skip\ndef test_a():\n    assert f()\n", "unmet"),
        ("# def test_a(): assert 1 == 1\n", "unmet"),
        ("def test_a(:\n", "unmet"),
    ],
)
def test_a_test_is_real_when_it_can_fail(body: str, expected: str) -> None:
    assert verdict("tests", {"a.py": "x = 1\n", "tests/test_a.py": body}) == expected


SEEDS = [
    ("RandomForestClassifier(random_state=0).fit(x, y)", "met"),
    ("RandomForestClassifier().fit(x, y)", "unmet"),
    ("RandomForestClassifier(random_state=None).fit(x, y)", "unmet"),
    ("numpy.random.seed(1)\nRandomForestClassifier().fit(x, y)", "met"),
    ("numpy.random.seed()\nRandomForestClassifier().fit(x, y)", "unmet"),
    ("# numpy.random.seed(1)\nRandomForestClassifier().fit(x, y)", "unmet"),
    ("PARAMS = {'random_state': 3}\nRandomForestClassifier(**PARAMS).fit(x, y)", "met"),
    ("RandomForestClassifier(**elsewhere).fit(x, y)", "not_applicable"),
    ("LinearRegression().fit(x, y)", "not_applicable"),
    ("train_test_split(x, y)\nLinearRegression().fit(x, y)", "unmet"),
    ("scaler = StandardScaler()\nscaler.fit(x)", "not_applicable"),
]


@pytest.mark.parametrize(("body", "expected"), SEEDS)
def test_seeds_reach_every_random_call_of_training(body: str, expected: str) -> None:
    imports = "import numpy\nfrom sklearn.ensemble import *\n"
    assert verdict("seeds", {"src/train.py": imports + body + "\n"}) == expected


def test_a_network_without_any_seed_is_unmet_where_it_is_imported() -> None:
    text = "import torch\nfrom utils import set_seed\n{}\nloss = f()\nloss.backward()\n"
    assert verdict("seeds", {"train.py": text.format("set_seed()")}) == "met"
    assert finding("seeds", {"train.py": text.format("")}).evidence == ("train.py:1",)
    main = "import torch\nfrom train import loop\ntorch.manual_seed(1)\nloop()\n"
    assert verdict("seeds", {"train.py": text.format(""), "main.py": main}) == "met"
    hugging = "from transformers import Trainer\nTrainer(model).train()\n"
    assert verdict("seeds", {"train.py": hugging}) == "met"


def test_training_in_notebooks_only_is_unmet_with_the_line_of_the_file() -> None:
    book = notebook(
        "import numpy as np\n%matplotlib inline",
        "from sklearn.svm import SVC\nm = SVC()\nm.fit(x, y)",
    )
    answer = finding("notebook-training", {"a.ipynb": book})
    assert answer.verdict.value == "unmet"
    line = int(answer.evidence[0].rpartition(":")[2])
    assert "m.fit" in book.split("\n")[line - 1]
    assert verdict("notebook-training", {"a.ipynb": book} | CODE) == "met"
    for encoding in ("utf-16", "utf-8-sig"):
        assert verdict("notebook-training", {"a.ipynb": book.encode(encoding)}) == "unmet"


@pytest.mark.parametrize(
    ("counts", "expected"),
    [((1, 2), "met"), ((2, 1), "unmet"), ((5, 9), "met"), ((None, None), "not_applicable")],
)
def test_cells_that_ran_out_of_order_are_told(
    counts: tuple[int | None, ...], expected: str
) -> None:
    assert (
        verdict("notebook-order", {"a.ipynb": notebook("x = 1", "y = x", counts=counts)})
        == expected
    )


@pytest.mark.parametrize(
    ("recipe", "base", "user"),
    [
        ("FROM python:3.12-slim\nUSER app\n", "met", "met"),
        ("FROM python@sha256:" + "a" * 64 + "\n", "met", "unmet"),
        ("FROM python:latest\nUSER root\n", "unmet", "unmet"),
        ("FROM python\nUSER 1000:1000\n", "unmet", "met"),
        ("ARG TAG=3.12.4\nFROM python:${TAG} AS b\nUSER app\nFROM b\n", "met", "met"),
        ("FROM a:1.2 AS b\nFROM gcr.io/distroless/python3:nonroot\n", "unmet", "met"),
        ("# nothing\n", "not_applicable", "not_applicable"),
    ],
)
def test_an_image_has_a_fixed_base_and_no_root(recipe: str, base: str, user: str) -> None:
    files = CODE | {"Dockerfile": recipe}
    assert (verdict("container-base", files), verdict("container-user", files)) == (base, user)


def test_a_card_of_headings_is_no_card() -> None:
    heads = (
        "# Model\n## Intended use\n\n## Training data\n"
        "[More information needed]\n## Evaluation\nTODO\n"
    )
    assert verdict("model-card", CODE | {"MODEL_CARD.md": heads}) == "unmet"
    words = "it does this and that for these people, measured so and so. " * 3
    full = "".join(
        f"## {head}\n{words}\n"
        for head in ("Intended use", "Training data", "Evaluation", "Limits")
    )
    assert verdict("model-card", CODE | {"docs/model_card.md": full}) == "met"
    assert verdict("model-card", CODE) == "missing"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, "missing"),
        ({"data/a.csv.dvc": "outs:\n- md5: aa\n"}, "met"),
        ({"data/manifest.json": f'{{"a.csv": "{"0f" * 32}"}}'}, "met"),
        ({"data/manifest.json": '{"a.csv": "later"}'}, "missing"),
        ({".gitattributes": "data/*.csv filter=lfs\n"}, "met"),
        ({"data/a.csv": "a,b\n"}, "met"),
        ({"tests/data/a.csv": "a,b\n"}, "missing"),
    ],
)
def test_the_data_of_a_model_can_be_told_exactly(files: dict[str, str], expected: str) -> None:
    assert verdict("data-version", CODE | files) == expected


FLOW = ".github/workflows/a.yml"


def test_workflows_hold_no_more_than_they_need() -> None:
    safe = (
        "on: [push]\npermissions: {contents: read}\njobs:\n  a:\n    steps:\n"
        "    - uses: actions/checkout@v4\n"
    )
    for id in ("workflow-permissions", "actions-pinned", "workflow-danger"):
        assert verdict(id, {FLOW: safe, "a.py": "x = 1\n"}) == "met"
    loose = safe.replace("permissions: {contents: read}\n", "").replace(
        "actions/checkout@v4", "some/one@v4"
    )
    assert verdict("workflow-permissions", {FLOW: loose}) == "unmet"
    assert finding("actions-pinned", {FLOW: loose}).evidence == (f"{FLOW}:5",)
    assert verdict("actions-pinned", {FLOW: loose.replace("@v4", "@" + "a" * 40)}) == "met"
    stranger = safe.replace("[push]", "[pull_request_target]").replace(
        "@v4\n", "@v4\n      with: {ref: '${{ github.event.pull_request.head.sha }}'}\n"
    )
    assert verdict("workflow-danger", {FLOW: stranger}) == "unmet"
    spoken = safe + (
        "    - run: |\n        echo ok\n        echo ${{ github.event.issue.title }}\n"
    )
    assert finding("workflow-danger", {FLOW: spoken}).evidence == (f"{FLOW}:9",)


def test_projects_of_a_monorepo_are_judged_each_and_shared_things_once() -> None:
    files = {f"{name}/src/train.py": TRAIN for name in ("a", "b")}
    files |= {f"{name}/pyproject.toml": PROJECT for name in ("a", "b")}
    answer = audited(
        files
        | {"LICENSE": "MIT", "a/uv.lock": UV.format("2.1.0"), "a/tests/requirements.txt": "x\n"}
    )
    assert answer.projects == ("a", "b")
    locks = {one.project: one.verdict.value for one in answer.findings if one.id == "lock"}
    assert locks == {"a": "met", "b": "unmet"}
    assert [one.verdict.value for one in answer.findings if one.id == "licence"] == ["met"]
    assert {one.id: one.project for one in answer.worst()}["lock"] == "b"
    part = audited(files, within="a")
    assert (part.projects, part.name) == (("a",), "made/a")


def test_a_module_called_setup_is_no_project() -> None:
    files = CODE | {"pyproject.toml": PROJECT, "src/x/steps/setup.py": "x = 1\n"}
    assert audited(files).projects == ("",)


def test_rules_set_a_check_aside_with_a_reason_until_a_day() -> None:
    rules = parse_rules(
        (
            b"ignore:\n"
            b"  - {check: tests, reason: a spike until spring, until: 2026-11-23}\n"
            b"severity: {lock: warning}\n"
        ),
        "audit.yaml",
    )
    found = {one.id: one for one in audited(CODE, rules).findings}
    assert (found["tests"].verdict.value, found["tests"].is_bad) == ("missing", False)
    assert found["tests"].ignored == "a spike until spring"
    assert found["lock"].severity.value == "warning"
    late = parse_rules(
        b"ignore: [{check: tests, reason: a spike until spring, until: 2026-11-22}]", "r"
    )
    assert {one.id: one for one in audited(CODE, late).findings}["tests"].is_bad


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ignore: [{check: tests}]", "reason"),
        ("ignore: [{check: tests, reason: no}]", "10 characters"),
        ("ignore: [{check: test, reason: because it is so}]", "did you mean 'tests'"),
        ("severity: {lock: fatal}", "error, warning, note"),
        ("limits: {large_file: 0}", "1 or more"),
        ("ignored: []", "unknown"),
    ],
)
def test_a_fault_in_the_rules_is_named_with_its_line(text: str, told: str) -> None:
    with pytest.raises(Invalid, match=told) as raised:
        parse_rules(text.encode(), "audit.yaml")
    assert "line 1" in str(raised.value)
