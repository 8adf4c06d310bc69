"""Whether CI really runs the tests: followed to the line that does, doubted where it does not."""

from __future__ import annotations

from textwrap import dedent

import pytest
from tests.analysis.repository.made import TEST, finding, verdict

CODE = {"src/pkg/core.py": "x = 1\n", "tests/test_core.py": TEST}
FLOW = ".github/workflows/ci.yml"


def workflow(step: str, *, on: str = "[push]", job: str = "", more: str = "") -> str:
    lines = [f"on: {on}", "jobs:", "  test:", "    runs-on: ubuntu-latest"]
    lines += [f"    {job}"] if job else []
    lines += ["    steps:", f"      - run: {step}"]
    lines += [f"        {more}"] if more else []
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    "step",
    [
        "pytest",
        "python -m pytest -q tests",
        "uv run --frozen --group dev pytest -n auto",
        "poetry run pytest",
        "coverage run -m pytest",
        "python -m unittest discover",
        "CI=1 xvfb-run -a .venv/bin/pytest",
        "docker run --rm image:1.2 pytest -q",
        "hatch test",
        "pip install -e . && pytest",
        "bash -c 'cd src && pytest'",
    ],
)
def test_a_step_that_runs_the_tests_counts(step: str) -> None:
    assert verdict("ci-tests", CODE | {FLOW: workflow(step)}) == "met"


@pytest.mark.parametrize(
    "step",
    [
        "pip install pytest",
        "echo pytest",
        "pytest --collect-only",
        "# pytest",
        "ruff check .",
        "make -n test",
    ],
)
def test_a_step_that_only_names_the_tests_does_not_count(step: str) -> None:
    files = CODE | {FLOW: workflow(f"|\n          {step}"), "Makefile": "test:\n\tpytest\n"}
    assert verdict("ci-tests", files) == "unmet"


@pytest.mark.parametrize(
    ("flow", "why"),
    [
        (workflow("pytest || true"), "swallowed"),
        (workflow("pytest | tee log.txt"), "pipe"),
        (workflow("|\n          set +e\n          pytest"), "set +e"),
        (workflow("pytest &"), "background"),
        (workflow("pytest", more="continue-on-error: true"), "fail unheard"),
        (workflow("pytest", job="continue-on-error: true"), "fail unheard"),
        (workflow("pytest", job="if: false"), "switches it off"),
        (workflow("pytest", more="if: ${{ false }}"), "switches it off"),
        (workflow("pytest", on="workflow_dispatch"), "never on a change"),
        (workflow("pytest", on="{push: {tags: ['v*']}}"), "tags only"),
        (workflow("pytest", on="{schedule: [{cron: '0 1 * * *'}]}"), "never on a change"),
        (workflow("pytest", on="{push: {branches: [release]}}"), "'release' only"),
        (workflow("pytest", on="{push: {branches: ['release/**']}}"), "'release/**' only"),
        (workflow("pytest", on="{push: {paths: ['docs/**']}}"), "leave this project out"),
        (
            workflow("pytest", job="if: github.event_name == 'workflow_dispatch'"),
            "workflow_dispatch",
        ),
    ],
)
def test_a_step_that_does_not_really_run_is_unmet_with_its_reason(flow: str, why: str) -> None:
    answer = finding("ci-tests", CODE | {FLOW: flow})
    assert answer.verdict.value == "unmet"
    assert why in answer.sentence
    assert answer.evidence[0].startswith(f"{FLOW}:")


def test_a_pipe_counts_where_its_failure_is_heard() -> None:
    piped = workflow("pytest | tee log.txt", more="shell: bash")
    assert verdict("ci-tests", CODE | {FLOW: piped}) == "met"
    told = workflow("|\n          set -o pipefail\n          pytest | tee log.txt")
    assert verdict("ci-tests", CODE | {FLOW: told}) == "met"


def test_one_step_that_counts_is_enough_beside_one_that_does_not() -> None:
    flow = workflow("pytest || true") + "      - run: pytest -x\n"
    assert finding("ci-tests", CODE | {FLOW: flow}).evidence == (f"{FLOW}:7",)


FOLLOWED = {
    "make": (
        "make check",
        {"Makefile": "all: x\ncheck: lint unit\nunit:\n\t@$(PY) -m pytest\nPY = python\n"},
        "Makefile:4",
    ),
    "script": (
        "./ci/run.sh",
        {"ci/run.sh": "#!/bin/sh\nset -e\npip install .\npytest\n"},
        "ci/run.sh:4",
    ),
    "tox": (
        "tox -e py311",
        {"tox.ini": "[testenv]\ncommands =\n    pytest {posargs}\n"},
        "tox.ini:3",
    ),
    "nox": (
        "nox -s tests",
        {"noxfile.py": "def tests(session):\n    session.run('pytest', '-q')\n"},
        "noxfile.py:2",
    ),
    "npm": ("npm test", {"package.json": '{"scripts": {\n"test": "pytest"}}'}, "package.json:2"),
    "pixi": ("pixi run unit", {"pixi.toml": '[tasks]\nunit = "pytest -q"\n'}, "pixi.toml:2"),
    "poe": (
        "uv run poe unit",
        {"pyproject.toml": '[tool.poe.tasks]\nunit = "pytest"\n'},
        "pyproject.toml:2",
    ),
    "hatch": (
        "hatch run test:all",
        {"pyproject.toml": '[tool.hatch.envs.test.scripts]\nall = "pytest"\n'},
        "pyproject.toml:2",
    ),
    "mise": (
        "mise run check",
        {"mise.toml": '[tasks.check]\ndepends = ["unit"]\n[tasks.unit]\nrun = "pytest"\n'},
        "mise.toml:3",
    ),
}


@pytest.mark.parametrize("tool", FOLLOWED)
def test_a_step_is_followed_into_the_file_that_runs_the_tests(tool: str) -> None:
    step, files, place = FOLLOWED[tool]
    answer = finding("ci-tests", {**CODE, **files, FLOW: workflow(step)})
    assert (answer.verdict.value, answer.evidence[-1]) == ("met", place)
    assert answer.evidence[0] == f"{FLOW}:6"


def test_a_target_whose_failure_make_ignores_does_not_count() -> None:
    files = {"Makefile": "test:\n\t-pytest\n", FLOW: workflow("make test")}
    assert "ignore its failure" in finding("ci-tests", CODE | files).sentence


def test_a_target_that_calls_itself_ends() -> None:
    files = {"Makefile": "test: test\n\tmake test\n\t./a.sh\n", "a.sh": "make test\n./a.sh\n"}
    assert verdict("ci-tests", CODE | files | {FLOW: workflow("make test")}) == "unmet"


def test_a_called_workflow_and_an_action_of_the_repository_are_followed() -> None:
    caller = "on: [pull_request]\njobs:\n  a:\n    uses: ./.github/workflows/tests.yml\n"
    called = workflow("pytest", on="[workflow_call]")
    files = CODE | {FLOW: caller, ".github/workflows/tests.yml": called}
    assert verdict("ci-tests", files) == "met"
    assert verdict("ci-tests", CODE | {".github/workflows/tests.yml": called}) == "unmet"
    step = "on: [push]\njobs:\n  a:\n    steps:\n      - uses: ./.github/actions/t\n"
    action = "runs:\n  using: composite\n  steps:\n    - run: pytest\n      shell: bash\n"
    files = CODE | {FLOW: step, ".github/actions/t/action.yml": action}
    assert verdict("ci-tests", files) == "met"


def test_a_workflow_of_another_repository_can_not_be_told() -> None:
    caller = "on: [push]\njobs:\n  a:\n    uses: org/shared/.github/workflows/test.yml@v1\n"
    assert verdict("ci-tests", CODE | {FLOW: caller}) == "insufficient"


SYSTEMS = {
    "gitlab": (
        ".gitlab-ci.yml",
        "test:\n  script:\n    - pytest\n",
        "test:\n  allow_failure: true\n  script: [pytest]\n",
    ),
    "gitlab-extends": (
        ".gitlab-ci.yml",
        ".b: &b\n  script: [pytest]\nt:\n  <<: *b\n",
        ".b:\n  script: [pytest]\nt:\n  extends: .b\n  when: manual\n",
    ),
    "azure": (
        "azure-pipelines.yml",
        "jobs:\n- job: a\n  steps:\n  - script: pytest\n",
        "jobs:\n- job: a\n  condition: false\n  steps:\n  - script: pytest\n",
    ),
    "circleci": (
        ".circleci/config.yml",
        "jobs:\n  a:\n    steps:\n      - run: pytest\n",
        ("jobs:\n  a:\n    steps:\n      - run: pytest\nworkflows:\n  w:\n    jobs: [b]\n"),
    ),
    "travis": (".travis.yml", "script:\n  - pytest\n", "script:\n  - pytest || true\n"),
    "bitbucket": (
        "bitbucket-pipelines.yml",
        "pipelines:\n  default:\n    - step: {script: [pytest]}\n",
        "pipelines:\n  custom:\n    x:\n      - step: {script: [pytest]}\n",
    ),
    "jenkins": (
        "Jenkinsfile",
        "stage('t') {\n  sh 'pytest'\n}\n",
        "// sh 'pytest'\nsh(script: 'pytest', returnStatus: true)\n",
    ),
}


@pytest.mark.parametrize("system", SYSTEMS)
def test_each_system_is_read_and_doubted(system: str) -> None:
    path, counts, doubted = SYSTEMS[system]
    assert verdict("ci-tests", CODE | {path: counts}) == "met"
    assert verdict("ci-tests", CODE | {path: doubted}) == "unmet"


def test_a_project_of_a_monorepo_is_not_tested_by_the_steps_of_another() -> None:
    project = '[project]\nname = "x"\n'
    files = {
        f"{name}/{path}": text
        for name in ("a", "b")
        for path, text in (CODE | {"pyproject.toml": project}).items()
    }
    step = workflow("pytest", more="working-directory: a")
    assert finding("ci-tests", files | {FLOW: step}, "a").verdict.value == "met"
    assert finding("ci-tests", files | {FLOW: step}, "b").verdict.value == "unmet"
    assert (
        finding("ci-tests", files | {FLOW: workflow("pytest b/tests")}, "a").verdict.value
        == "unmet"
    )
    assert finding("ci-tests", files | {FLOW: workflow("pytest")}, "b").verdict.value == "met"


def test_without_tests_or_without_ci_there_is_nothing_to_run() -> None:
    assert verdict("ci-tests", {"a.py": "x = 1\n", FLOW: workflow("pytest")}) == "missing"
    assert verdict("ci-tests", CODE) == "missing"
    assert verdict("ci-tests", CODE | {".ci/run": "pytest\n"}) == "insufficient"


@pytest.mark.parametrize(
    "text",
    [
        "on: [push\njobs: {",
        "&a [*a, *a]",
        "on: push\njobs: [1, 2]\n",
        "on: push\njobs:\n  a: {steps: {run: pytest}}\n",
        "a: " + "[" * 3000,
        "\n".join(
            f"a{n}: &a{n} [{', '.join(['*a' + str(n - 1)] * 9) if n else 'x'}]" for n in range(30)
        ),
    ],
)
def test_a_broken_or_hostile_ci_file_is_no_proof_and_no_crash(text: str) -> None:
    assert verdict("ci-tests", CODE | {FLOW: text}) == "unmet"
    assert verdict("ci-tests", CODE | {".gitlab-ci.yml": text}) == "unmet"


def test_scripts_are_read_as_a_shell_reads_them() -> None:
    script = dedent(
        """\
        |
                  cat <<EOF
                  pytest
                  EOF
                  python -m \\
                    pytest
        """
    )
    answer = finding("ci-tests", CODE | {FLOW: workflow(script)})
    assert answer.evidence == (f"{FLOW}:10",)
