"""The roster: who does the work, when they are asked, and what they answered."""
