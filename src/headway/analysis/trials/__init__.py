"""Online trials: A/B experiments and canaries. Arrays in, verdicts out."""
