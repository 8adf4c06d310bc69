"""Reads spreadsheets and exported tables of any tool as rows of work.

bytes → grid (cells as text, lines numbered) → mapping (proposed, then a person's) → rows of work
"""

from headway.connectors.tables.grid import Grid, read_grid
from headway.connectors.tables.mapping import Mapping, read_mapping
from headway.connectors.tables.propose import propose_mapping
from headway.connectors.tables.rows import rows_of
from headway.connectors.tables.words import Field

__all__ = ["Field", "Grid", "Mapping", "propose_mapping", "read_grid", "read_mapping", "rows_of"]
