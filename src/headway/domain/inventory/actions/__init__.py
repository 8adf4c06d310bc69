"""Every write of inventory: what people say. What runs is told by evidence, and never typed."""

from headway.domain.inventory.actions.said import (
    describe_dataset,
    describe_model,
    describe_pipeline,
    restore_dataset_entry,
    restore_model_entry,
    restore_pipeline_entry,
)

__all__ = [
    "describe_dataset",
    "describe_model",
    "describe_pipeline",
    "restore_dataset_entry",
    "restore_model_entry",
    "restore_pipeline_entry",
]
