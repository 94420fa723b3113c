"""`python -m coolpapers.embedded SERVICE VAR [throwaway]`: a keeper. `services` starts it."""

import sys
from pathlib import Path

from coolpapers.embedded.keeper import Keeper, Server
from coolpapers.embedded.postgres import Postgres
from coolpapers.embedded.redis import Redis

SERVERS: dict[str, type[Server]] = {Postgres.name: Postgres, Redis.name: Redis}

service, var = sys.argv[1], Path(sys.argv[2])
sys.exit(Keeper(SERVERS[service](var, "throwaway" in sys.argv[3:])).run())
