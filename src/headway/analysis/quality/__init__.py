"""Is a table as it has to be? Rules in, a verdict a rule out, each with its number and sentence.

    from headway.analysis.quality import check, read_rules

    answer = check("orders.parquet", read_rules("orders.yaml"), at=now)
    answer.passed, answer.checks[0].sentence

reading (YAML → rules) → wanting (rules → measures) → summaries (one question) → judging (verdicts)
"""

from headway.analysis.quality.answer import Answer, Check
from headway.analysis.quality.checking import check, read_baseline
from headway.analysis.quality.look import Baseline
from headway.analysis.quality.proposing import propose_rules
from headway.analysis.quality.reading import read_rules
from headway.analysis.quality.rules import Rules, Severity

__all__ = [
    "Answer",
    "Baseline",
    "Check",
    "Rules",
    "Severity",
    "check",
    "propose_rules",
    "read_baseline",
    "read_rules",
]
