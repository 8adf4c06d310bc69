"""Tables in, counts, moments and histograms out: the narrow waist under every check.

Only this package asks a table anything. It speaks Ibis, so that the same question runs on DuckDB
(the default, on Parquet, CSV, Arrow and DuckDB's own files), on Spark and on a database; what comes
back is a few thousand numbers at the most, and everything after that is arithmetic elsewhere.

opening (a name → a table) → tables (columns, kinds, questions) → one module for each family of
questions
"""

from headway.analysis.summaries.engines import Engine, embedded
from headway.analysis.summaries.opening import Limits, from_arrow, from_ibis, open_table
from headway.analysis.summaries.tables import Column, Kind, Table

__all__ = [
    "Column",
    "Engine",
    "Kind",
    "Limits",
    "Table",
    "embedded",
    "from_arrow",
    "from_ibis",
    "open_table",
]
