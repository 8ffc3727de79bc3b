"""Clips beside one another: what an address of Compare asks for, and what changed between two recipes."""
