"""R2V Studio: references in, clips out, reviewed together."""

__version__ = "0.1.0"
