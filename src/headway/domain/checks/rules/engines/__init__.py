"""One file a kind of monitor: from a run's request to the analysis that answers, and back."""
