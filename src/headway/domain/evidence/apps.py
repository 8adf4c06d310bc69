"""Registers the evidence app with Django."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """The ledger: subjects, records, and projections that can be remade."""

    name = "headway.domain.evidence"
    label = "evidence"
