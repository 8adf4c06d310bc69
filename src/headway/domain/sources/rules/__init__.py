"""Judgements about sources: when one is due, when its secret may stay, how secrets are kept."""

from headway.domain.sources.rules.due import Standing, is_due, needs_sweep, next_try
from headway.domain.sources.rules.secrets import conceal, reveal
from headway.domain.sources.rules.setup import SourceDraft, keeps_secret

__all__ = [
    "SourceDraft",
    "Standing",
    "conceal",
    "is_due",
    "keeps_secret",
    "needs_sweep",
    "next_try",
    "reveal",
]
