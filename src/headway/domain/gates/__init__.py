"""Gates: what a release must show to go on, who approved, what was waived, what was decided."""
