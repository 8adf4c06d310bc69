"""Real, small machine-learning work that Headway's demo stands on."""
