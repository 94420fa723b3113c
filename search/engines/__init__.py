"""The engines, by name. Each is imported only when it is asked for."""

from search.engines.base import Engine

NAMES = ("tantivy", "whoosh")


def engine_named(name: str) -> type[Engine]:
    """The engine of this name; raises ValueError for another."""
    if name == "tantivy":
        from search.engines.tantivy_engine import TantivyEngine

        return TantivyEngine
    if name == "whoosh":
        from search.engines.whoosh_engine import WhooshEngine

        return WhooshEngine
    raise ValueError(f"There is no search engine {name!r}; there are {', '.join(NAMES)}.")
