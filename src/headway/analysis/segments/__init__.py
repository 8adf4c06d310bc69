"""Checks on models: how good by segment, how fair, how well fitted, and which of two is better.

`segments` answers `headway check segments`, `fit` answers `headway check fit`, `comparing` answers
`headway check compare`. All arithmetic here is on arrays; tables are read by `analysis.summaries`.
"""
