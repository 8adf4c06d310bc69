"""Judgements about sources: when one is due, when its secret may stay, how secrets are kept."""

from headway.domain.sources.rules.due import Standing, is_due, needs_sweep, next_try
from headway.domain.sources.rules.rows import kept_row, row_from
from headway.domain.sources.rules.secrets import conceal, reveal
from headway.domain.sources.rules.selection import (
    Counted,
    WorkMapping,
    chosen_rows,
    proposed_mapping,
    read_work_mapping,
    told_states,
)
from headway.domain.sources.rules.setup import SourceDraft, keeps_secret

__all__ = [
    "Counted",
    "SourceDraft",
    "Standing",
    "WorkMapping",
    "chosen_rows",
    "conceal",
    "is_due",
    "keeps_secret",
    "kept_row",
    "needs_sweep",
    "next_try",
    "proposed_mapping",
    "read_work_mapping",
    "reveal",
    "row_from",
    "told_states",
]
