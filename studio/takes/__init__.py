"""A take as its pages show it: its card, how far it is, what happened, and its clip brought home."""
