from __future__ import annotations

import pytest

from headway.interfaces.cli.output import print_json, print_table, say


def test_in_a_pipe_a_table_is_plain_columns(capsys: pytest.CaptureFixture[str]) -> None:
    print_table("Title", ("name", "n"), [["long name", "1"], ["é", "22"]], numbers=("n",))
    assert capsys.readouterr().out == "\nTitle\nname        n\nlong name   1\né          22\n"


def test_a_table_without_rows_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    print_table("Title", ("name",), [])
    assert capsys.readouterr().out == ""


def test_on_a_terminal_markup_in_data_is_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    print_table("Title", ("name",), [["[red]x[/red]"]])
    out = capsys.readouterr().out
    assert "[red]x[/red]" in out
    assert "\x1b[3" not in out


def test_json_never_holds_nan(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        print_json({"x": float("nan")})
    print_json({"é": None})
    assert capsys.readouterr().out == '{\n  "é": null\n}\n'


def test_no_text_of_a_file_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say("\x1b[2J\u202egnp.exe\ta\nb")
    print_table("T", ("n",), [["\x9b31m"]])
    out, err = capsys.readouterr()
    assert (out, err) == ("\nT\nn\n\ufffd31m\n", "\ufffd[2J\ufffdgnp.exe\ta\nb\n")


def test_messages_stay_out_of_the_data(capsys: pytest.CaptureFixture[str]) -> None:
    say("hello")
    assert capsys.readouterr() == ("", "hello\n")
