"""Screens of labels: orders with their date, batches, guidelines, pilots."""
