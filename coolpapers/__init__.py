"""The wiring: settings, addresses, processes. No word of the domain."""
