"""Measurements of the figures the product promises. `python -m benchmarks` runs them all."""
