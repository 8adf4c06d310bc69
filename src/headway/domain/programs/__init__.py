"""Programs: programs, projects, ML systems, their releases, objectives and success criteria."""
