"""Rendering draws: plain values in, pictures and documents out, for web and frozen reports."""
