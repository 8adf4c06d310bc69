"""Pages of frameworks: what is held to what, how each control stands, policies of our own."""
