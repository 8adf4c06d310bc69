"""Model cards, datasheets and Annex IV files as pages."""
