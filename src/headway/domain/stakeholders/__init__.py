"""Promises between teams and vendors: what is given and got, by when, confirmed or not."""
