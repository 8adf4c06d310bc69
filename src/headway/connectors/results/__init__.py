"""Results that teams have already: the files of their tools, as Observations.

Every verdict is derived again from the numbers in the file, where it holds them, and the tool's
own word is kept beside it.
"""

from headway.connectors.results.base import Asked, Labelled, Results
from headway.connectors.results.reading import AUTO, FORMATS, knows, read_results

__all__ = ["AUTO", "FORMATS", "Asked", "Labelled", "Results", "knows", "read_results"]
