"""Which of the commands that CI runs are tests, lint, training, releases or questions to a gate."""

from __future__ import annotations

import re

from headway.analysis.repository.ci.running import Ran

_LISTING = frozenset({"--collect-only", "--co", "--help", "-h", "--version", "--fixtures", "-V"})
_RUNNERS = frozenset(
    {"pytest", "py.test", "nose2", "nosetests", "trial", "stestr", "behave", "ward"}
)
_TEST_MODULES = _RUNNERS | {"unittest", "xmlrunner", "pytest_django"}
_LINTERS = frozenset(
    {
        "ruff", "flake8", "pylint", "black", "mypy", "pyright", "basedpyright", "isort",
        "pre-commit", "prek", "bandit", "pyflakes", "ty", "pytype", "pycodestyle", "pydocstyle",
        "yapf", "lintr", "super-linter",
    }
)  # fmt: skip
_TWO_WORDS = frozenset(
    {("hatch", "test"), ("rye", "test"), ("cargo", "test"), ("go", "test"), ("bazel", "test"),
     ("pants", "test"), ("dotnet", "test"), ("mvn", "test"), ("pixi", "test")}
)  # fmt: skip
_PUBLISHING = re.compile(
    r"^(?:twine upload|(?:python\d? -m )?twine upload|uv publish|poetry publish|hatch publish|"
    r"flit publish|docker (?:buildx build .*--push|push)|docker compose push|helm (?:upgrade|push)|"
    r"kubectl (?:apply|rollout|set)|terraform apply|gcloud .*deploy|az ml|az webapp|aws \w+ deploy|"
    r"aws (?:ecs|lambda|sagemaker|cloudformation)|serverless deploy|cdk deploy|databricks bundle "
    r"deploy|bentoml (?:deploy|push)|gh release create|semantic-release|npx semantic-release|"
    r"dvc push|huggingface-cli upload|hf upload|flyctl deploy|heroku|eas |skaffold run|"
    r"zenml .*deploy)"
)
_PUBLISHERS = re.compile(
    r"pypi-publish|build-push-action|action-gh-release|semantic-release|deploy|release-please|"
    r"create-release|upload-release|helm|release-drafter|ncipollo/release",
    re.I,
)


def is_test(ran: Ran) -> bool:
    """Say whether a command runs tests, and does not only list them."""
    words = ran.words
    if _LISTING & set(words) or not words:
        return False
    if ran.head in _RUNNERS or words[:2] in _TWO_WORDS or ran.head in ("ctest", "jest", "vitest"):
        return True
    if ran.head.startswith("python"):
        return _python_tests(words)
    if ran.head == "coverage":
        return words[1:2] == ("run",) and bool(_TEST_MODULES & set(words))
    if ran.head in ("docker", "docker-compose", "podman"):
        inside = words[1:]
        return bool({"run", "exec"} & set(inside)) and any(
            word.split()[0] in _RUNNERS for word in inside if word.strip()
        )
    return ran.head in ("Rscript", "R") and bool(
        re.search(r"test(?:that|_dir|_check)|CMD check", " ".join(words))
    )


def _python_tests(words: tuple[str, ...]) -> bool:
    if "-m" in words[:-1]:
        module = words[words.index("-m") + 1]
        return module in _TEST_MODULES or (
            module == "coverage" and bool(_TEST_MODULES & set(words[words.index("-m") + 2 :]))
        )
    script = next((word for word in words[1:] if not word.startswith("-")), "")
    name = script.rpartition("/")[2]
    if name in ("manage.py", "setup.py"):
        return "test" in words
    return bool(re.fullmatch(r"(?:run_?)?tests?\.py|test_\w+\.py", name))


def is_lint(ran: Ran) -> bool:
    """Say whether a command lints, checks types, or runs the hooks that do."""
    if ran.words[:1] == ("uses",):
        return bool(re.search(r"pre-commit|ruff|lint|flake8|black|mypy", ran.words[1], re.I))
    inside = ran.words[2:3] if ran.head.startswith("python") and ran.words[1:2] == ("-m",) else ()
    return ran.head in _LINTERS or bool(_LINTERS & set(inside))


def is_release(ran: Ran) -> bool:
    """Say whether a command or an action publishes or deploys something."""
    if ran.words[:1] == ("uses",):
        return bool(_PUBLISHERS.search(ran.words[1]))
    return bool(_PUBLISHING.match(" ".join((ran.head, *ran.words[1:]))))


def is_gate(ran: Ran) -> bool:
    """Say whether a command asks a gate of Headway."""
    text = " ".join(ran.words)
    return "headway gate check" in text or bool(
        re.search(r"^uses .*headway.*(?:gate|action)", text)
    )


def is_data_check(ran: Ran) -> bool:
    """Say whether a command checks data."""
    text = " ".join(ran.words)
    return bool(
        re.search(
            r"headway check (?:quality|drift)|great_expectations|gx checkpoint|soda scan|dbt test",
            text,
        )
    )


def is_rollback(ran: Ran) -> bool:
    """Say whether a command goes back to the version before."""
    return bool(
        re.search(r"rollout undo|helm rollback|rollback|rollout abort", " ".join(ran.words))
    )
