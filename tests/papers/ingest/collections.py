"""Small collections of papers for the replay server, written as a test needs them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from papers.arxiv.replay.collection import Collection

MONDAY, TUESDAY, WEDNESDAY = "2026-08-10", "2026-08-11", "2026-08-12"


def paper(identifier: str, *categories: str, **fields: Any) -> dict[str, Any]:
    """A line of a collection; the first category is the primary."""
    return {
        "id": identifier,
        "title": f"On the matter of {identifier}",
        "authors": ["Ada Lovelace", "Émilie du Châtelet"],
        "abstract": f"We look at {identifier} and find that $a < b$ holds.",
        "categories": list(categories) or ["cs.AI"],
        "primary_category": (categories or ("cs.AI",))[0],
        **fields,
    }


def write_collection(folder: Path, days: Mapping[str, list[dict[str, Any]]]) -> Collection:
    """Write one file a day and load the folder."""
    for day, lines in days.items():
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (folder / f"{day}.jsonl").write_text(text)
    return Collection.load(folder)
