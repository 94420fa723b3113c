"""The wiring: settings, addresses, processes. No word of the domain."""

__version__ = "0.1.0"
