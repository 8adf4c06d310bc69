"""Results that teams have already: the files of their tools, as Observations.

Every verdict is derived again from the numbers in the file, where it holds them, and the tool's
own word is kept beside it.
"""

from headway.connectors.results.archives import is_archive
from headway.connectors.results.base import Asked, Labelled, Mark, Results
from headway.connectors.results.reading import AUTO, FORMATS, knows_file, read_file, read_results

__all__ = [
    "AUTO",
    "FORMATS",
    "Asked",
    "Labelled",
    "Mark",
    "Results",
    "is_archive",
    "knows_file",
    "read_file",
    "read_results",
]
