"""Capacity: who is asked for how much, who is free, requests, and compute pools."""
