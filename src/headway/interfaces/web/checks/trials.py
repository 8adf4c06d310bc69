"""An online experiment: its plan before the first look, amendments with reasons, the decision."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.http import HttpResponse

from headway.domain.checks.actions import amend_trial, decide_trial, lock_trial, set_trial
from headway.domain.checks.queries import monitor_named, trial_of, trial_page
from headway.domain.checks.rules import MonitorFacts, TrialFacts
from headway.domain.checks.rules.trials import DECISIONS, METHODS
from headway.domain.programs.rules.fields import Reader, text
from headway.errors import Invalid, NotFound
from headway.interfaces.web.checks.pictures import look_charts
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.edit_forms import ReadForm, day_field, line, needed, words
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave
from headway.rendering import phrases

_AREA = ("systems", "Systems")
_METRIC = re.compile(
    r"(?P<column>[^:]+?)(?::(?P<kind>mean|proportion|ratio=(?P<denominator>\S+)))?"
    r"(?: covariate (?P<covariate>\S+))?(?P<decrease> decrease)?(?: margin (?P<margin>[\d.]+))?"
)
_METRICS_HELP = (
    "One a line: conversion:proportion, revenue:ratio=sessions, "
    "spend covariate spend_before. A guardrail: latency decrease margin 0.02."
)


class PlanForm(ReadForm):
    """What is compared, how, and when it is decided."""

    readers: ClassVar[Mapping[str, Reader]] = {"question": text(500, required=True)}

    question = needed(line("Question", "Such as: does the new ranking sell more?"))
    variant = needed(line("Column of the variant"))
    control = needed(line("Control", "The name of the variant that is compared with."))
    split = needed(line("Split", "Such as old=0.5, new=0.5."))
    unit = line("Unit", "The column of who was assigned, such as user_id; empty: a row each.")
    metrics = needed(words("Metrics", 5))
    method = forms.ChoiceField(label="Method", choices=[(one, one) for one in METHODS])
    alpha = line("Alpha", "The false alarms that are accepted, such as 0.05.", inputmode="decimal")
    power = line("Power", inputmode="decimal")
    least_effect = line("Least effect that matters", "A share of the control, such as 0.02.")
    sample_size = line("Units planned for each variant", inputmode="numeric")
    looks = line("Looks planned", "Only the group sequential method needs it.", inputmode="numeric")
    starts = day_field("Starts")
    ends = day_field("Ends")
    words = words("In words", 3)

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - as Django's forms take it
        """Fill the form."""
        super().__init__(*given, **named)
        self.fields["metrics"].help_text = _METRICS_HELP


class AmendForm(PlanForm):
    """A change of a locked plan; whoever reads the result judges the reason."""

    reason = needed(line("Reason", "It is kept with how many looks had been taken."))
    question = None  # type: ignore[assignment]

    readers: ClassVar[Mapping[str, Reader]] = {"reason": text(2_000, required=True)}
    field_order = ("reason",)


class DecideForm(ReadForm):
    """What is decided on the last look."""

    readers: ClassVar[Mapping[str, Reader]] = {"reason": text(2_000)}

    decision = forms.ChoiceField(label="Decision", choices=[(one, one) for one in DECISIONS])
    reason = words("Reason", 3)


def plan(request: WorkspaceRequest, monitor: str) -> HttpResponse:
    """Write the plan, or change it until it is locked."""

    def save(values: dict[str, object], version: int | None) -> Done:
        question, read = str(values.pop("question")), read_plan_form(values)
        set_trial(request.actor, monitor, question, read, request.now, version=version)
        return Done("The plan is written; lock it before the first look.")

    return edit_page(request, lambda: _edit(request, monitor, PlanForm, save, "The plan"))


def amend(request: WorkspaceRequest, monitor: str) -> HttpResponse:
    """Change a locked plan, with a reason."""

    def save(values: dict[str, object], version: int | None) -> Done:
        reason, read = str(values.pop("reason")), read_plan_form(values)
        amend_trial(request.actor, monitor, read, reason, request.now, version=version)
        return Done("The plan is amended, and the amendment is on record.")

    return edit_page(request, lambda: _edit(request, monitor, AmendForm, save, "Amend the plan"))


def lock(request: WorkspaceRequest, monitor: str) -> HttpResponse:
    """Lock the plan before the first look."""
    lock_trial(request.actor, monitor, request.now, version=asked_version(request))
    page = address(request, "monitor", monitor=monitor)
    return leave(request, page, Done("The plan is locked; from now on it is only amended."))


def decide(request: WorkspaceRequest, monitor: str) -> HttpResponse:
    """Decide on the last look; who decided and what was seen is kept."""

    def save(values: dict[str, object], version: int | None) -> Done:
        decision, reason = str(values["decision"]), str(values["reason"] or "")
        decide_trial(request.actor, monitor, decision, reason, request.now, version=version)
        return Done(f"Decided: {decision}.")

    def load() -> Edit:
        held = monitor_named(request.actor, monitor)
        trial = trial_of(request.actor, held)
        page = address(request, "monitor", monitor=monitor)
        return Edit(
            f"Decide {held.name}",
            page,
            DecideForm,
            save,
            version=trial.version,
            button="Decide",
            area=_AREA,
        )

    return edit_page(request, load)


def trial_values(request: WorkspaceRequest, monitor: MonitorFacts) -> dict[str, object]:
    """Return what the page of an experiment shows beside its runs."""
    try:
        page = trial_page(request.actor, monitor.key, request.at)
    except NotFound:
        return {"trial": None, "looks": []}
    last = page.looks[-1] if page.looks else None
    metrics = plan_metrics(page.trial.plan)
    return {
        "trial": page.trial,
        "looks": list(reversed(page.looks)),
        "last_look": last,
        "charts": look_charts(page),
        "goals": [_metric_text(one) for one in metrics if not _is_guardrail(one)],
        "guardrails": [_metric_text(one) for one in metrics if _is_guardrail(one)],
        "compares": _compared(page.trial.plan),
    }


def _edit(
    request: WorkspaceRequest,
    monitor: str,
    form: type[ReadForm],
    save: Any,
    title: str,  # noqa: ANN401 - a Save
) -> Edit:
    held = monitor_named(request.actor, monitor)
    page = address(request, "monitor", monitor=monitor)
    try:
        trial: TrialFacts | None = trial_of(request.actor, held)
    except NotFound:
        trial = None
    start = _held(trial) if trial else {"alpha": "0.05", "method": "sequential"}
    version = trial.version if trial else None
    return Edit(f"{title} of {held.name}", page, form, save, start, version, area=_AREA)


def _held(trial: TrialFacts) -> dict[str, object]:
    """Return a plan as the form's controls take it."""
    held = {name: value for name, value in trial.plan.items() if name in PlanForm.base_fields}
    return held | {
        "question": trial.question,
        "split": _split_text(trial.plan.get("split")),
        "metrics": metrics_text(trial.plan),
    }


def metrics_text(plan: Mapping[str, Any]) -> str:
    """Return the metrics of a plan, one a line, as they are typed."""
    return "\n".join(_metric_text(one) for one in plan_metrics(plan))


def plan_metrics(plan: Mapping[str, Any]) -> Sequence[str | Mapping[str, Any]]:
    """Return the metrics of a plan: a file and the API may write one alone, or in one word."""
    held = plan.get("metrics", ())
    return [held] if isinstance(held, str | Mapping) else held


def _is_guardrail(one: str | Mapping[str, Any]) -> bool:
    return isinstance(one, Mapping) and bool(one.get("margin"))


def _split_text(split: object) -> str:
    """Return a split as it is typed: by variant, or the shares alone as in 50/50."""
    match split:
        case Mapping():
            return ", ".join(f"{name}={share:g}" for name, share in split.items())
        case list():
            return "/".join(f"{share:g}" for share in split)
        case _:
            return str(split or "")


def _compared(plan: Mapping[str, Any]) -> str:
    """Say what is compared, with the share of each variant where the plan names them."""
    split, control = plan.get("split"), plan.get("control", "")
    if not isinstance(split, Mapping):
        against = f", against {control}" if control else ""
        return f"the variants of {plan.get('variant', 'the table')}{against}"
    return ", ".join(
        f"{name}{' (control)' if name == control else ''} {phrases.share(share, exact=True)}"
        for name, share in split.items()
    )


def _metric_text(one: str | Mapping[str, Any]) -> str:
    if isinstance(one, str):
        return one
    kind = one.get("kind", "mean")
    parts = [one["column"] + {"mean": "", "ratio": f":ratio={one.get('denominator')}"}.get(
        kind, f":{kind}"
    )]  # fmt: skip
    if one.get("covariate"):
        parts.append(f"covariate {one['covariate']}")
    if one.get("direction") == "decrease":
        parts.append("decrease")
    if one.get("margin"):
        parts.append(f"margin {one['margin']:g}")
    return " ".join(parts)


def read_plan_form(values: Mapping[str, object]) -> dict[str, object]:
    """Return a plan as the actions take it. Raises Invalid for a line that cannot be read."""
    found = {name: value for name, value in values.items() if value not in (None, "")}
    found["split"] = _split(str(values.get("split") or ""))
    lines = [one.strip() for one in str(values.get("metrics") or "").splitlines()]
    found["metrics"] = [_metric(one) for one in lines if one]
    return found


def _split(written: str) -> dict[str, str] | str:
    if "=" not in written:
        return written.strip()
    parts = [part.partition("=") for part in written.split(",") if part.strip()]
    if not all(equals for _, equals, _ in parts):
        sentence = f"The split is {written!r}; write each variant with its share: old=0.5, new=0.5."
        raise Invalid(sentence)
    return {name.strip(): share.strip() for name, _, share in parts}


def _metric(written: str) -> dict[str, object]:
    found = _METRIC.fullmatch(written)
    if found is None:
        sentence = f"The metric {written!r} cannot be read. {_METRICS_HELP}"
        raise Invalid(sentence)
    read: dict[str, object] = {"column": found["column"].strip()}
    kind = found["kind"] or "mean"
    read["kind"] = "ratio" if kind.startswith("ratio") else kind
    for name in ("denominator", "covariate", "margin"):
        if found[name]:
            read[name] = found[name]
    if found["decrease"]:
        read["direction"] = "decrease"
    return read
