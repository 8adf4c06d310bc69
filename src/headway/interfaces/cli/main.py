"""`headway`: find the command, run it, and turn an error into a sentence and an exit code.

A command is a function in a module of this folder and a line in `COMMANDS`; its parameters become
options by typer. Only the module of the command that was asked for is imported, so that
`headway --version` needs none and file commands never set Django up.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module

from headway import __version__
from headway.errors import HeadwayError, SignInNeeded, SourceError

#: name → (module:function, what it is for). A name may have two words: "audit verify".
COMMANDS: Mapping[str, tuple[str, str]] = {
    "forecast": (
        "headway.interfaces.cli.forecast:forecast",
        "When a plan file lands, what it costs, and what drives it",
    ),
    "plan check": (
        "headway.interfaces.cli.plan_check:check",
        "How sound is a plan before it is simulated?",
    ),
    "plan convert": (
        "headway.interfaces.cli.plan_convert:convert",
        "Turn a plan file into another format",
    ),
    "level": (
        "headway.interfaces.cli.level:level",
        "When each item of a plan file starts, with nobody asked for twice",
    ),
    "evm": (
        "headway.interfaces.cli.evm:evm",
        "Earned value from a table: cost and time against the plan",
    ),
    "attain": (
        "headway.interfaces.cli.attain:attain",
        "When does a metric reach its target, from its runs?",
    ),
    "readout ab": (
        "headway.interfaces.cli.readouts.ab:ab",
        "What an A/B experiment shows: ship, stop, or keep running",
    ),
    "readout plan": (
        "headway.interfaces.cli.readouts.plan:plan",
        "Is a trial plan sound, before it starts?",
    ),
    "readout power": (
        "headway.interfaces.cli.readouts.power:power",
        "How many units a trial needs, or what it can see",
    ),
    "readout canary": (
        "headway.interfaces.cli.readouts.canary:canary",
        "Is a canary worse than its control?",
    ),
    "check drift": (
        "headway.interfaces.cli.checks.drift:drift",
        "Has data drifted from its reference?",
    ),
    "check estimate": (
        "headway.interfaces.cli.checks.estimate:estimate",
        "How well may a model be doing before the labels are there?",
    ),
    "check segments": (
        "headway.interfaces.cli.checks.segments:segments",
        "How does a model do by segment?",
    ),
    "check fit": (
        "headway.interfaces.cli.checks.fit:fit",
        "Does a model over- or underfit?",
    ),
    "check compare": (
        "headway.interfaces.cli.checks.compare:compare",
        "Is the second version of a model better on the same rows?",
    ),
    "check quality": (
        "headway.interfaces.cli.checks.quality:quality",
        "Is a table as its rules say?",
    ),
    "frameworks": (
        "headway.interfaces.cli.frameworks:frameworks",
        "The governance frameworks that Headway knows",
    ),
    "card check": (
        "headway.interfaces.cli.cards:check",
        "Does a model card or a datasheet say what it has to?",
    ),
    "audit": (
        "headway.interfaces.cli.audit:audit",
        "How sound is a repository, by what is in it?",
    ),
    "new": (
        "headway.interfaces.cli.new:new",
        "A repository to start from, which its own audit finds sound",
    ),
    "demo": (
        "headway.interfaces.cli.demo:demo",
        "A filled sample portfolio, opened in the browser",
    ),
    "up": (
        "headway.interfaces.cli.serve:up",
        "Serve the web pages and do the work in the background",
    ),
    "status": ("headway.interfaces.cli.status:status", "One program: date, odds, health"),
    "maturity": (
        "headway.interfaces.cli.maturity:maturity",
        "How mature each system is, and the next step",
    ),
    "brief": ("headway.interfaces.cli.brief:brief", "What changed in the odds, why, what is due"),
    "calibration": (
        "headway.interfaces.cli.calibration:calibration",
        "How often past P50s and P80s held",
    ),
    "baseline list": (
        "headway.interfaces.cli.baseline:baselines",
        "The plans that were agreed",
    ),
    "baseline set": (
        "headway.interfaces.cli.baseline:set_",
        "Freeze the plan as it stands",
    ),
    "baseline variance": (
        "headway.interfaces.cli.baseline:variance",
        "How far the plan is from what was agreed, and what moved its end",
    ),
    "baseline activate": (
        "headway.interfaces.cli.settling:activate",
        "Hold the plan against this baseline",
    ),
    "baseline set-aside": ("headway.interfaces.cli.settling:set_aside", "Set a baseline aside"),
    "baseline put-back": ("headway.interfaces.cli.settling:put_back", "Take a baseline back"),
    "scenario list": (
        "headway.interfaces.cli.scenario:scenarios",
        "What is tried beside the plan",
    ),
    "scenario set": ("headway.interfaces.cli.scenario:set_", "Try changes beside the plan"),
    "scenario compare": (
        "headway.interfaces.cli.scenario:compare",
        "Scenarios side by side with the plan",
    ),
    "scenario apply": (
        "headway.interfaces.cli.scenario:apply",
        "Make the changes of a scenario in the plan",
    ),
    "scenario undo": ("headway.interfaces.cli.settling:undo", "Take back what applying it did"),
    "scenario throw-away": (
        "headway.interfaces.cli.settling:throw_away",
        "Throw a scenario away",
    ),
    "scenario bring-back": (
        "headway.interfaces.cli.settling:bring_back",
        "Bring a scenario back that was thrown away",
    ),
    "cost import": (
        "headway.interfaces.cli.bills:import_bill",
        "Bring a bill: its charges become actual costs",
    ),
    "cost": ("headway.interfaces.cli.costs:cost", "Add up bills: billed, used up, by what"),
    "report": (
        "headway.interfaces.cli.reports:report",
        "A pack for its audiences, frozen with its data date",
    ),
    "import": ("headway.interfaces.cli.plans:import_file", "Read a plan file into a project"),
    "source add": ("headway.interfaces.cli.sources:add", "Connect a source"),
    "source check": ("headway.interfaces.cli.trackers:check", "Does a source answer?"),
    "source import": (
        "headway.interfaces.cli.trackers:import_work",
        "Make a plan of what a tracker told, and let it follow",
    ),
    "source disconnect": (
        "headway.interfaces.cli.trackers:disconnect",
        "Stop reading a source; what it gave stays",
    ),
    "sync": ("headway.interfaces.cli.sources:sync", "Bring what a source has seen"),
    "evidence push": ("headway.interfaces.cli.evidence:push", "Record evidence from a file"),
    "next": (
        "headway.interfaces.cli.connect:connect",
        "What to connect next, by how many questions it answers",
    ),
    "inbox": ("headway.interfaces.cli.inbox:inbox", "What no project claims yet, in groups"),
    "rule add": (
        "headway.interfaces.cli.inbox:add",
        "Say once where runs like these belong",
    ),
    "rule list": ("headway.interfaces.cli.inbox:rules", "The rules about runs"),
    "rule remove": ("headway.interfaces.cli.inbox:remove", "Forget a rule"),
    "inventory": (
        "headway.interfaces.cli.inventory:inventory",
        "Which version of each model serves, since when, and what its gate decided",
    ),
    "monitor list": (
        "headway.interfaces.cli.monitors:monitors",
        "The checks that run again and again, and how each stands",
    ),
    "monitor run": ("headway.interfaces.cli.monitors:run", "Run a monitor now, as evidence"),
    "gate check": (
        "headway.interfaces.cli.gates:check",
        "May a release enter a stage, and what is lacking?",
    ),
    "gate list": (
        "headway.interfaces.cli.gates:gates",
        "The gates of releases, and how each stands",
    ),
    "rebuild": (
        "headway.interfaces.cli.evidence:rebuild",
        "Make every projection again from the ledger",
    ),
    "backup": ("headway.interfaces.cli.installation:backup", "Write everything to one file"),
    "restore": (
        "headway.interfaces.cli.installation:restore",
        "Read everything from a backup",
    ),
    "doctor": ("headway.interfaces.cli.installation:doctor", "Is this installation well?"),
    "audit package": (
        "headway.interfaces.cli.audit_package:package",
        "Evidence and decisions for an auditor, in a file that checks itself",
    ),
    "audit verify": (
        "headway.interfaces.cli.installation:audit_verify",
        "Check the chains of the ledger and the audit trail",
    ),
}

#: The rest of the contract: known, and not built yet. A name that stands in COMMANDS is built.
LATER: Mapping[str, str] = {
    "flow": "When will the rest be done, from finished items?",
    "portfolio": "Choose projects under a budget",
    "mcp": "Serve assistants over MCP",
}

DONE, BAD_QUESTION, SOURCE_FAILED, SIGN_IN = 0, 2, 3, 4


def main() -> None:
    """Run the program's arguments and leave with an exit code."""
    if sys.stdout is None:  # closed by whoever started us: there is nobody to tell
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  until the end
    try:
        code = run(sys.argv[1:])
        sys.stdout.flush()
    except OSError as error:
        if error.filename is not None:
            raise
        # What is still held back would be tried again as Python ends, and fail with a traceback.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _complain(f"The answer can't be written: {error.strerror}.")
        code = BAD_QUESTION
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code."""
    if not arguments or arguments[0] in ("--help", "-h", "help"):
        print(_overview())
        return DONE
    if arguments[0] in ("--version", "-V"):
        print(f"headway {__version__}")
        return DONE
    name = _named(arguments)
    if name is None:
        return _unknown(arguments)
    if name not in COMMANDS:
        _complain(f"`headway {name}` is not built yet. `headway --help` lists what is.")
        return BAD_QUESTION
    return _invoke(name, arguments[len(name.split()) :])


def _named(arguments: Sequence[str]) -> str | None:
    """Return the command that the first words name: two words before one."""
    for words in (2, 1):
        name = " ".join(arguments[:words])
        if name in COMMANDS or name in LATER:
            return name
    return None


def _invoke(name: str, arguments: Sequence[str]) -> int:
    """Run a command that is built, and translate what it raises. Anything else is a bug."""
    try:
        return _call(name, arguments)
    except HeadwayError as error:
        _complain(_told(error))
        if isinstance(error, SignInNeeded):
            return SIGN_IN
        return SOURCE_FAILED if isinstance(error, SourceError) else BAD_QUESTION


def _call(name: str, arguments: Sequence[str]) -> int:
    module, _, function = COMMANDS[name][0].partition(":")
    command = getattr(import_module(module), function)
    from typer import Typer
    from typer.main import get_command

    app = Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command(name=name, context_settings={"help_option_names": ["-h", "--help"]})(command)
    try:
        get_command(app)(args=list(arguments), prog_name=f"headway {name}")
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else DONE
    return DONE


def _told(error: HeadwayError) -> str:
    """Return the sentence of an error, and each problem that it locates on a line of its own."""
    problems = getattr(error, "problems", ())
    if len(problems) < 2:
        return str(error)
    lines = [f"  {problem.where}: {problem.sentence}" for problem in problems[:50]]
    more = len(problems) - len(lines)
    return "\n".join([str(error), *lines, *([f"  … and {more} more"] if more else [])])


def _unknown(arguments: Sequence[str]) -> int:
    """Answer a first word that is no command: with its second words, or with what is close."""
    group = [name for name in (*COMMANDS, *LATER) if name.startswith(f"{arguments[0]} ")]
    if group:
        listed = ", ".join(f"`headway {name}`" for name in dict.fromkeys(group))
        _complain(f"`headway {arguments[0]}` wants a second word: {listed}.")
        return DONE if arguments[-1] in ("--help", "-h") else BAD_QUESTION
    from difflib import get_close_matches

    known = [*COMMANDS, *LATER]
    close = [
        match
        for words in (2, 1)
        for match in get_close_matches(" ".join(arguments[:words]), known, n=1, cutoff=0.7)
    ]
    hint = f"Did you mean `headway {close[0]}`?" if close else "`headway --help` lists commands."
    _complain(f"{arguments[0]!r} is not a command. {hint}")
    return BAD_QUESTION


def _overview() -> str:
    """Return the help of the program as a whole."""
    later = {name: about for name, about in LATER.items() if name not in COMMANDS}
    width = max(len(name) for name in (*COMMANDS, *later)) + 2
    built = [f"  {name:{width}}{about}" for name, (_, about) in COMMANDS.items()]
    unbuilt = [f"  {name:{width}}{about}" for name, about in later.items()]
    return "\n".join(
        [
            "Headway: plan meets evidence.",
            "",
            "Usage: headway COMMAND …        headway COMMAND --help        headway --version",
            "",
            "Commands:",
            *built,
            *(["", "Not built yet:", *unbuilt] if unbuilt else []),
            "",
            "Examples:",
            "  headway forecast plan.yaml",
            "  headway forecast plan.yaml --target 2026-06-30 --json",
        ]
    )


def _complain(text: str) -> None:
    from headway.interfaces.cli.output import say

    say(text)


if __name__ == "__main__":
    main()
