"""What a float is, asked in the same way of every engine.

Spark's `isinf` is never true as Ibis compiles it, and there a NaN counts as null; DuckDB and
PostgreSQL keep the two apart. Comparisons mean the same everywhere: NaN is above every number.
"""

from __future__ import annotations

import sys
from typing import Any

#: The largest number that is not infinite.
LARGEST = sys.float_info.max


def is_finite(value: Any) -> Any:
    """Return whether a float is neither NaN nor infinite; of a null not true."""
    return value.abs() <= LARGEST


def is_infinite(value: Any) -> Any:
    """Return whether a float is infinite, up or down; of a null not true."""
    return (value.abs() > LARGEST) & ~value.isnan()


def is_null(value: Any) -> Any:
    """Return whether there is no value; a NaN is one."""
    import ibis

    return ibis.cases((value.isnan(), False), else_=value.isnull())
