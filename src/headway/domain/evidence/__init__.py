"""Evidence: the append-only ledger of what the ML systems report, and what is read out of it."""
