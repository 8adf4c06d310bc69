"""People: the roster and the resources that work draws on."""
