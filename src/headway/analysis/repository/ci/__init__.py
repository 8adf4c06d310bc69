"""What CI really runs: the jobs of seven systems, followed into the files that they call."""
