"""`headway level PLAN`: when each item starts so that nobody is asked for twice at once."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.errors import Invalid
from headway.interfaces.cli.output import print_json, print_line, print_table, say
from headway.interfaces.cli.plan_files import moment_option, plan_contents
from headway.rendering import phrases

if TYPE_CHECKING:
    from headway.analysis.schedule.levelling.answer import Levelled
    from headway.analysis.schedule.levelling.problem import Budget

#: Schedules tried where neither a number nor a time is asked for.
SCHEDULES = 20_000
LONGEST = 86_400.0


def level(  # noqa: PLR0913  each parameter is an option of the command
    plan: Annotated[Path, typer.Argument(help="A plan file.", show_default=False)],
    time_limit: Annotated[
        float | None, typer.Option(help="Seconds to search; the answer then depends on the machine")
    ] = None,
    schedules: Annotated[
        int | None, typer.Option(help="Schedules to try; the same number gives the same bits")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bits.")] = 0,
    smooth: Annotated[
        bool, typer.Option("--smooth", help="Within float only: the finish stays where it is.")
    ] = False,
    as_of: Annotated[str, typer.Option(help="The status date; nothing moves before it.")] = "",
    resource: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Level only this; may be repeated.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say when everything starts and ends if no resource is asked for more than there is.

    Examples:

      headway level plan.yaml

      headway level plan.xml --time-limit 10 --as-of 2026-03-02 --json
    """
    from headway.analysis.schedule.levelling.level import level as levelled
    from headway.analysis.schedule.levelling.translation import Asked
    from headway.analysis.schedule.readers import read_plan

    budget = _budget(time_limit, schedules, seed)
    read = read_plan(plan_contents(plan), plan.name)
    asked = Asked(
        as_of=moment_option("--as-of", as_of, read), smooth=smooth, resources=tuple(resource or ())
    )
    answer = levelled(read, asked, budget)
    if as_json:
        print_json(answer.as_json())
    else:
        _print(answer)
    if answer.clashes:
        raise typer.Exit(1)


def _budget(seconds: float | None, schedules: int | None, seed: int) -> Budget:
    from headway.analysis.schedule.levelling.problem import Budget

    if seconds is not None and not 0 < seconds <= LONGEST:
        sentence = f"--time-limit is {seconds:g}; it has to be above 0 and at most {LONGEST:g} s."
        raise Invalid(sentence)
    if schedules is not None and not 0 < schedules <= 10**9:
        sentence = f"--schedules is {schedules}; it has to be from 1 to a billion."
        raise Invalid(sentence)
    if seconds is None:
        return Budget(schedules=schedules or SCHEDULES, seed=seed)
    return Budget(schedules, seconds, time.monotonic, seed, threads=os.cpu_count() or 1)


def _print(answer: Levelled) -> None:
    print_line(f"{answer.plan.name}: {headline(answer)}")
    unit = answer.plan.unit.value
    print_table(
        "What moves",
        ("id", "name", "old start", "new start", unit),
        [
            [
                row.item,
                row.name,
                _start(answer, row.item, row.before),
                _start(answer, row.item, row.after),
                f"{row.shift:+g}",
            ]
            for row in answer.moves
        ],
        numbers=(unit,),
    )
    print_table("Conflicts that remain", ("item", "resource", "from", "to", "why"), _rows(answer))
    print_table(
        "Load",
        ("resource", "weeks over before", "weeks over after"),
        [[load.resource, str(load.over_before), str(load.over_after)] for load in answer.loads],
        numbers=("weeks over before", "weeks over after"),
    )
    for note in answer.notes:
        say(f"Note: {note}")


def headline(answer: Levelled) -> str:
    """Return the answer in a line: the finish, the one before, the bound, what stays open."""
    ends = _finish(answer, answer.makespan)
    before = _finish(answer, answer.makespan_before)
    moved = f"ends {ends} as before" if ends == before else f"ends {ends} instead of {before}"
    bound = f"no schedule ends before {_finish(answer, answer.lower_bound)}"
    if answer.status.value == "optimal":
        bound = "proved to be the earliest"
    count = len(answer.clashes)
    left = f"; {count} conflict{'s remain' if count > 1 else ' remains'}" if count else ""
    return f"{moved}; {bound}{left}"


def _rows(answer: Levelled) -> Sequence[list[str]]:
    return [
        [row.item, row.resource, _day(answer, row.begins), _finish(answer, row.ends), row.reason]
        for row in answer.clashes
    ]


def _start(answer: Levelled, item: str, at: float) -> str:
    return phrases.day(answer.begins(item, at)) if answer.plan.calendar else f"{at:g}"


def _day(answer: Levelled, at: float) -> str:
    return phrases.day(answer.date_of_start(at)) if answer.plan.calendar else f"{at:g}"


def _finish(answer: Levelled, at: float) -> str:
    return phrases.day(answer.date_of_finish(at)) if answer.plan.calendar else f"{at:g}"
