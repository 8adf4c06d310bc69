"""The program as a whole: its commands, its errors, its exit codes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from headway import __version__
from headway.errors import (
    Conflict,
    Invalid,
    NotFound,
    Problem,
    Refused,
    SignInNeeded,
    SourceError,
)
from headway.interfaces.cli import main

CONTRACT = """forecast, level, plan check, plan convert, evm, flow, attain, check quality,
check drift, check segments, check fit, readout ab, readout canary, cost, portfolio, audit,
card check, frameworks, new, demo, up, import, sync, evidence push, gate check, status, report,
source add, rebuild, audit verify, backup, restore, doctor, mcp, brief"""
NAMES = [name.strip() for name in CONTRACT.split(",")]


def _raising(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def command() -> None:
        raise error

    monkeypatch.setattr(sys.modules[__name__], "command", command, raising=False)
    table = {**main.COMMANDS, "fail": (f"{__name__}:command", "Fails")}
    monkeypatch.setattr(main, "COMMANDS", table)


def test_the_version_is_printed_without_any_command_module() -> None:
    script = (
        "import sys; from headway.interfaces.cli.main import run; code = run(['--version']);"
        "heavy = {'typer', 'django', 'numpy', 'yaml', 'rich'} & set(sys.modules);"
        "print(sorted(heavy)); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"headway {__version__}\n[]\n"


def test_a_file_command_does_not_set_django_up() -> None:
    script = (
        "import sys; from headway.interfaces.cli.main import run; run(['forecast', '--help']);"
        "sys.exit('django' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)


@pytest.mark.parametrize("name", NAMES)
def test_every_command_of_the_contract_is_known(name: str) -> None:
    assert name in main.COMMANDS or name in main.LATER


@pytest.mark.parametrize("name", [name for name in main.LATER if name not in main.COMMANDS])
def test_a_command_that_is_not_built_says_so(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run([*name.split(), "something", "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"`headway {name}` is not built yet" in err


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["help"]])
def test_help_lists_what_is_built_and_what_is_not(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.run(arguments) == 0
    text = capsys.readouterr().out
    for name in (*main.COMMANDS, *main.LATER):
        assert f"\n  {name} " in text


def test_a_misspelt_command_is_answered_with_the_closest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main.run(["forcast", "plan.yaml"]) == 2
    assert "'forcast' is not a command. Did you mean `headway forecast`?" in capsys.readouterr().err


def test_half_a_name_is_answered_with_the_other_halves(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["readout"]) == 2
    err = capsys.readouterr().err
    told = set(err.strip().rstrip(".").split("wants a second word: ")[1].split(", "))
    halves = ("ab", "canary", "plan", "power")
    assert told == {f"`headway readout {half}`" for half in halves}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Invalid("It is wrong."), 2),
        (NotFound("It is wrong."), 2),
        (Refused("It is wrong."), 2),
        (Conflict("It is wrong."), 2),
        (SourceError("It is wrong.", retry=True), 3),
        (SignInNeeded("It is wrong."), 4),
    ],
)
def test_an_error_is_a_sentence_on_stderr_and_a_code(
    error: Exception,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _raising(monkeypatch, error)
    assert main.run(["fail"]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "It is wrong.\n"


def test_every_problem_has_a_line_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    problems = [Problem("item A, line 3", "Too long."), Problem("item B, line 9", "Too short.")]
    _raising(monkeypatch, Invalid("Two problems.", problems))
    main.run(["fail"])
    lines = capsys.readouterr().err.splitlines()
    assert lines == ["Two problems.", "  item A, line 3: Too long.", "  item B, line 9: Too short."]


def test_a_bug_is_not_dressed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    _raising(monkeypatch, ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        main.run(["fail"])


def test_an_exit_code_of_a_command_is_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import typer

    _raising(monkeypatch, typer.Exit(1))
    assert main.run(["fail"]) == 1
    assert main.run(["fail", "--nonsense"]) == 2
    assert "No such option" in capsys.readouterr().err


@pytest.mark.parametrize("name", main.COMMANDS)
def test_the_help_of_a_command_has_two_examples(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.run([*name.split(), "--help"]) == 0
    examples = capsys.readouterr().out.partition("Examples:")[2]
    assert examples.count("headway ") >= 2
