"""One module a claim; `python -m benchmarks` runs them all and prints ratios."""
