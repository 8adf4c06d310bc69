"""Which analysis answers a run: by its kind, imported when it is asked."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

from headway.domain.checks.rules import KINDS, Progress, RunRequest, RunResult
from headway.errors import Invalid


def answer_to(request: RunRequest, progress: Progress) -> RunResult:
    """Answer a run by the engine of its kind; the digest of the data is bound to the answer.

    The engines stand in `rules.engines`, one file a kind, each with `run(request, progress)`.
    """
    if request.kind not in KINDS:
        sentence = f"There is no kind of monitor '{request.kind}'."
        raise Invalid(sentence)
    progress("reading", 0, 1)
    engine = import_module(f"headway.domain.checks.rules.engines.{request.kind}")
    result: RunResult = engine.run(request, progress)
    return result if result.digest else replace(result, digest=request.data.digest)
