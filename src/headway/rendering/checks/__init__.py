"""What a check found, to keep and to send: one HTML page with pictures, and JUnit XML for CI.

Every check and readout (quality, drift, segments, fit, A/B, canary) uses this one frame: the answer
first, then a row for each thing judged, then pictures, then how it was done.
"""

from headway.rendering.checks.junit import Case, as_junit
from headway.rendering.checks.page import CheckPage, as_html_document, level_of
from headway.rendering.report.blocks import Cell, Fact, Grid

__all__ = [
    "Case",
    "Cell",
    "CheckPage",
    "Fact",
    "Grid",
    "as_html_document",
    "as_junit",
    "level_of",
]
