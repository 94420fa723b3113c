"""Static files under names that tell their contents, also where one script imports another."""

from whitenoise.storage import (  # type: ignore[import-untyped]  # it ships no types
    CompressedManifestStaticFilesStorage,
)


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """The imports of ES modules are renamed too: a module is loaded once, and cached for good."""

    support_js_module_import_aggregation = True
