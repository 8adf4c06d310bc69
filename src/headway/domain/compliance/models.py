"""What compliance remembers."""
