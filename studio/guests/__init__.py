"""What somebody without an account gets to see and say. Nothing here hands a template a model (L-06)."""
