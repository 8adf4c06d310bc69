"""Models and versions, aliases with their history, datasets, deployments, pipelines: what lives."""
