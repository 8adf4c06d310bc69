"""Screening: find the malignant tumours among measured samples."""
