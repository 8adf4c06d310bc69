"""Installation: what spans all apps: tick, demo, backup, restore, rebuild, doctor."""
