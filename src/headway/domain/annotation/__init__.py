"""Labels as deliveries: guidelines, pilots, batches, acceptance."""
