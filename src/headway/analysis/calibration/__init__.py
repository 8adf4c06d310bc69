"""How past forecasts did: coverage, bias, loss, and the correction that would have held."""
