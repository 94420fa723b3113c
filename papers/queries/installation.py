"""Questions about this installation as a whole."""

from papers.models import Installation, Paper


def read_generation() -> str:
    """What changes with every commit that may change a page, and differs between databases.

    One query of one row.
    """
    identity, generation = Installation.objects.values_list("identity", "generation").get(id=1)
    return f"{identity.hex[:8]}.{generation}"


def shows_samples() -> bool:
    """Whether sample papers stand in for real ones. One query by index."""
    return Paper.objects.visible().filter(source=Paper.Source.SAMPLE).exists()
