from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from headway.interfaces.cli.main import run

SCHEMAS = Path(__file__).parents[3] / "docs/reference/schemas"

Said = Callable[..., Any]


@pytest.fixture
def asked(capsys: pytest.CaptureFixture[str]) -> Said:
    """Return a function that runs a command line and returns its code, stdout and stderr."""

    def ask(line: str, *more: str) -> tuple[int, str, str]:
        code = run([*line.split(), *more])
        out, err = capsys.readouterr()
        return code, out, err

    return ask


@pytest.fixture
def answered(asked: Said) -> Said:
    """Return a function that runs a command with --json; its document is held to a schema."""

    def answer(line: str, *more: str, schema: str = "", code: int = 0) -> Any:
        found, out, err = asked(line, *more, "--json")
        assert found == code, err
        document = json.loads(out)
        if schema:
            text = (SCHEMAS / f"{schema}.schema.json").read_text()
            Draft202012Validator(json.loads(text)).validate(document)
        return document

    return answer
