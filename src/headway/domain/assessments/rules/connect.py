"""What to connect next: which questions are open, and which one connection answers most of them.

A question names what it still needs. A step's count is of the questions that it answers *now*:
those that need it and nothing else; where no step answers any alone, the one that most of them
need is the first on the way. What is not due at the stage is not a question: it is not
missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """Something that can be connected; of equally useful ones the first named comes first."""

    PLAN = "plan"
    INBOX = "inbox"
    SOURCE = "source"
    METRICS = "metrics"
    CRITERIA = "criteria"
    TARGET = "target"
    BUDGET = "budget"
    RATES = "rates"
    RISKS = "risks"
    OWNERS = "owners"
    BILLS = "bills"
    CHECKS = "checks"
    APPROVALS = "approvals"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question stands: a program, and one of its projects where it is about one."""

    program: str = ""
    project: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question that is due, and what it still needs; nothing: it is answered."""

    text: str
    place: Place
    needs: frozenset[Step]


@dataclass(frozen=True, slots=True)
class NextStep:
    """A step, how many open questions it answers now, which, and where (the first place first).

    With `answers` 0 it is the first of several that the questions need.
    """

    step: Step
    answers: int
    questions: Sequence[str]
    places: Sequence[Place]


@dataclass(frozen=True, slots=True)
class Connecting:
    """The open questions counted, and the steps that answer some of them, the most first."""

    open: int
    total: int
    steps: Sequence[NextStep]


@dataclass(frozen=True, slots=True)
class ProjectKnown:
    """What is known of a project.

    `promises` counts those that are due, `silent` names those among them without any evidence.
    """

    place: Place
    stage: str = ""
    has_work: bool = False
    has_owners: bool = False
    has_started: bool = False
    has_runs: bool = False
    has_measures: bool = False
    has_bills: bool = False
    has_promises: bool = False
    promises: int = 0
    silent: Sequence[str] = ()
    is_data_silent: bool = False
    is_approval_missing: bool = False


@dataclass(frozen=True, slots=True)
class ProgramKnown:
    """What is known of a program beside its projects."""

    place: Place
    projects: Sequence[ProjectKnown]
    has_target: bool = False
    has_cost: bool = False
    has_budget: bool = False
    has_risks: bool = False


#: Stages in which no data and no run can be asked for yet.
BEFORE_DATA = ("frame",)
BEFORE_RUNS = ("frame", "data")

#: A workspace without a program is asked as if it had one with one project.
NOTHING = ProgramKnown(Place(), (ProjectKnown(Place()),))


def open_questions(programs: Sequence[ProgramKnown], *, has_inbox: bool) -> Iterator[Question]:
    """Yield every question that is due in these programs, answered ones too.

    With `has_inbox` runs are there already and only wait to be placed.
    """
    for program in programs or (NOTHING,):
        yield from _of_program(program)
        for project in program.projects:
            yield from _of_work(project, program)
            yield from _of_model(project, Step.INBOX if has_inbox else Step.SOURCE)
            yield from _of_governance(project)


def _of_program(program: ProgramKnown) -> Iterator[Question]:
    has_plan = any(project.has_work for project in program.projects)
    cost = _missing((Step.PLAN, has_plan), (Step.RATES, program.has_cost))
    budget = _missing((Step.BUDGET, program.has_budget))
    yield Question("What will it cost?", program.place, cost)
    yield Question("Is that within the budget?", program.place, cost | budget)
    risks = _missing((Step.RISKS, program.has_risks))
    yield Question("What may go wrong?", program.place, risks)


def _of_work(project: ProjectKnown, program: ProgramKnown) -> Iterator[Question]:
    plan = _missing((Step.PLAN, project.has_work))
    for text in ("When does it land?", "What drives the date?", "What moved since last week?"):
        yield Question(text, project.place, plan)
    target = _missing((Step.TARGET, program.has_target))
    yield Question("Is it on time?", project.place, plan | target)
    owners = _missing((Step.OWNERS, project.has_owners))
    yield Question("Who does what?", project.place, plan | owners)
    if project.has_started or project.stage not in ("", *BEFORE_DATA):
        bills = _missing((Step.BILLS, project.has_bills))
        yield Question("What was spent?", project.place, bills)


def _of_model(project: ProjectKnown, source: Step) -> Iterator[Question]:
    criteria = _missing((Step.CRITERIA, project.has_promises))
    yield Question("What was promised of the model?", project.place, criteria)
    if project.stage not in BEFORE_RUNS:
        runs = _missing((source, project.has_runs or project.has_measures))
        yield Question("What was tried, and what is the best so far?", project.place, runs)
    step = Step.METRICS if project.has_runs or project.has_measures else source
    for name in project.silent:
        yield Question(f"Is “{name}” met?", project.place, frozenset({step}))
    for _ in range(project.promises - len(project.silent)):
        yield Question("Is it met?", project.place, frozenset())


def _of_governance(project: ProjectKnown) -> Iterator[Question]:
    if project.stage not in ("", *BEFORE_DATA):
        checks = _missing((Step.CHECKS, not project.is_data_silent))
        yield Question("Is its data sound?", project.place, checks)
    if project.is_approval_missing:
        needs = frozenset({Step.APPROVALS})
        yield Question("Is it approved for its next stage?", project.place, needs)


def _missing(*needs: tuple[Step, bool]) -> frozenset[Step]:
    return frozenset(step for step, is_there in needs if not is_there)


def connecting(questions: Sequence[Question]) -> Connecting:
    """Return the steps that answer questions now, the most useful first."""
    waiting = [question for question in questions if question.needs]
    order = list(Step)
    steps = [
        _next(step, answered, len(answered))
        for step in order
        if (answered := [one for one in waiting if one.needs == {step}])
    ]
    steps.sort(key=lambda one: (-one.answers, order.index(one.step)))
    if waiting and not steps:
        needed = {step: [one for one in waiting if step in one.needs] for step in order}
        first = max(order, key=lambda step: (len(needed[step]), -order.index(step)))
        steps = [_next(first, needed[first], 0)]
    return Connecting(len(waiting), len(questions), steps)


def _next(step: Step, questions: Sequence[Question], answers: int) -> NextStep:
    texts = dict.fromkeys(one.text for one in questions)
    places = dict.fromkeys(one.place for one in questions)
    return NextStep(step, answers, list(texts), list(places))


#: What a step is called, what its places lack, and what brings it.
_SAID: dict[Step, tuple[str, str, str]] = {
    Step.PLAN: (
        "Import a plan",
        "no plan",
        "A plan file, a spreadsheet or a tracker's export; coarse items with one number will do.",
    ),
    Step.INBOX: (
        "Say what the runs in the inbox are",
        "no run, and runs wait in the inbox",
        "One click for each group; the rule is remembered.",
    ),
    Step.SOURCE: (
        "Connect MLflow",
        "no run and no evaluation",
        "Or push evidence from a pipeline: headway evidence push evaluation FILE",
    ),
    Step.METRICS: (
        "Bind what is logged to what was promised",
        "promises that no logged metric answers",
        "The metrics of the runs stand beside the success criteria.",
    ),
    Step.CRITERIA: (
        "Say what was promised of the model",
        "no success criterion",
        "A metric, a direction and a target.",
    ),
    Step.TARGET: ("Set a target date", "no target date", "The day that was promised."),
    Step.BUDGET: ("Add budget lines", "no budget", "What may be spent, and the contingency."),
    Step.RATES: (
        "Give the work its price",
        "work without a price",
        "A cost of an item, or resources with rates in the plan file.",
    ),
    Step.RISKS: ("Write down the risks", "no risk written down", "Odds, delay and cost."),
    Step.OWNERS: ("Say who does what", "work that nobody owns", "An owner for each item."),
    Step.BILLS: (
        "Push what was spent",
        "no bill",
        "Costs as evidence: headway evidence push cost FILE",
    ),
    Step.CHECKS: (
        "Push the results of data checks",
        "no data check",
        "Checks as evidence: headway evidence push check FILE",
    ),
    Step.APPROVALS: (
        "Record the approvals",
        "approvals outstanding",
        "Approvals as evidence: headway evidence push approval FILE",
    ),
}


def title_of(step: Step) -> str:
    """Return what a step is called, as something to do."""
    return _SAID[step][0]


def hint_of(step: Step) -> str:
    """Return what brings a step."""
    return _SAID[step][2]


def reason_of(found: NextStep) -> str:
    """Say which places lack it: "Fraud and 2 others have no plan"; nothing where there is none."""
    names = [place.name for place in found.places if place.name]
    if not names:
        return ""
    who = names[0]
    if len(names) == 2:
        who = f"{names[0]} and {names[1]}"
    elif len(names) > 2:
        who = f"{names[0]} and {len(names) - 1} others"
    return f"{who} {'has' if len(names) == 1 else 'have'} {_SAID[found.step][1]}"


def worth_of(found: NextStep, open_now: int) -> str:
    """Say what a step is worth: "answers 9 of 14 open questions"."""
    of_all = f"of {open_now} open question{'' if open_now == 1 else 's'}"
    if not found.answers:
        return f"is needed first for {len(found.questions)} {of_all}"
    return f"answers {found.answers} {of_all}"
