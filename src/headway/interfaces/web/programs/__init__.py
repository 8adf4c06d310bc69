"""Portfolio, programs, projects, work and the import of plans as pages."""
