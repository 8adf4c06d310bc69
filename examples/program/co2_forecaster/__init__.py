"""CO2 forecaster: a live model of the monthly mean in Hawaiian air, which drifts."""
