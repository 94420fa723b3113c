"""What goes wrong with the embedded services, for whoever starts them."""


class EmbeddedError(Exception):
    """The embedded services cannot run; the message is one line that says what to do."""
