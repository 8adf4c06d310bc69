"""MLflow, read over its REST interface: runs, metric series, model versions and alias moves."""
