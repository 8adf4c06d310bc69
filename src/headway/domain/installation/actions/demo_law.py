"""The part of the sample's story in which the law's questions are answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from importlib import resources
from typing import Any

import yaml

from headway.domain.accounts.rules import Actor
from headway.domain.compliance.actions import answer_law, set_duty, write_dpia
from headway.domain.compliance.rules.inputs import AnswerDraft

Event = tuple[datetime, int, Callable[[], object]]


def law_events(actor: Actor) -> Iterator[Event]:
    """Yield when the sample's systems were classified, and what was written of their duties."""
    folder = resources.files("headway.domain.installation").joinpath("demo")
    told = yaml.safe_load(folder.joinpath("law.yaml").read_text("utf-8"))
    yield (told["at"], 4, partial(_tell, actor, told, told["at"]))


def _tell(actor: Actor, told: Mapping[str, Any], at: datetime) -> None:
    for system, laws in told["answers"].items():
        for law, answers in laws.items():
            for question, (value, why) in answers.items():
                answer_law(actor, system, AnswerDraft(law, question, value, why), at)
    for system, duties in told["duties"].items():
        for obligation, fields in duties.items():
            set_duty(actor, system, obligation, fields, at)
    for system, parts in told["dpia"].items():
        write_dpia(actor, system, parts, at)
