"""Static files under names that tell their contents, also where one script imports another."""

import re
from collections.abc import Iterable, Iterator

from whitenoise.storage import (  # type: ignore[import-untyped]  # it ships no types
    CompressedManifestStaticFilesStorage,
)

# PDF.js's fonts and character maps are asked for by their own names, rarely, and compact already.
_WORTH_COMPRESSING = re.compile(r"\.[0-9a-f]{12}\.(?!bcmap$|pfb$|ttf$)\w+$")


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """The imports of ES modules are renamed too: a module is loaded once, and cached for good."""

    support_js_module_import_aggregation = True

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Compress what pages ask for. The copies under plain names would double the time, which
        is seconds for each megabyte."""
        yield from super().compress_files(filter(_WORTH_COMPRESSING.search, paths))
