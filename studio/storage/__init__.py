"""Bytes on the disk: how they arrive, where they lie, how they are kept once and handed out."""
