"""Has data drifted from its reference, column by column, by how much, and may chance explain it?

profiles (analysis.summaries) → pairs (brackets that are certain) → bins, distances → columns (tests
with effects) → judging (multiplicity, verdicts, sentences) → comparing (one answer)
"""

from headway.analysis.drift.comparing import Drift, compare, compare_tables, compare_with
from headway.analysis.drift.judging import Judged
from headway.analysis.drift.rules import Rules

__all__ = ["Drift", "Judged", "Rules", "compare", "compare_tables", "compare_with"]
