"""Finance: budget lines, and what the evidence says was spent."""
