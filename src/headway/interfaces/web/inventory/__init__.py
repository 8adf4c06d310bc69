"""The inventory: models with the history of their aliases, datasets, deployments, pipelines."""
