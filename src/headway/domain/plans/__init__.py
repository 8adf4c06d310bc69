"""Plans: work with ranges, dependencies, forecasts."""
