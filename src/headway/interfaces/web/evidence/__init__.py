"""The ledger as people read it: the list, one record opened, the inbox of unplaced subjects."""
