"""What bills and time sheets say was spent, and where each amount belongs."""
