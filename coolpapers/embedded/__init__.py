"""A real PostgreSQL and a real Redis that run under `var/` while somebody uses them.

Whoever needs them calls `start(var)`: the first starts them, the next ones join, and they stop
when the last user has left or died. Users are counted by locks that the kernel frees, so a killed
process leaves neither a stale lock nor a server behind (`keeper`). They are private: sockets in
folders of mode 0700, no TCP port, no way in for another user of the machine.

Standard library only: the supervisor and the settings import this before anything is installed
that could fail.
"""

from coolpapers.embedded.errors import EmbeddedError
from coolpapers.embedded.layout import secret_key
from coolpapers.embedded.services import Services, start

__all__ = ["EmbeddedError", "Services", "secret_key", "start"]
