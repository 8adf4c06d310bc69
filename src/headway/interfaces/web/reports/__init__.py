"""Reports of a program: what one would say now, the frozen ones, and their files."""
