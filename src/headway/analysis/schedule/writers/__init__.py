"""Plans out, as YAML, Microsoft Project XML and rows of a CSV; each says what it cannot take."""

from __future__ import annotations

from headway.analysis.schedule.writers.csv_plan import csv_rows
from headway.analysis.schedule.writers.mspdi import write_mspdi
from headway.analysis.schedule.writers.written import Written
from headway.analysis.schedule.writers.yaml_plan import write_yaml

__all__ = ["Written", "csv_rows", "write_mspdi", "write_yaml"]
