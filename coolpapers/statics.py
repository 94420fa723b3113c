"""Static files under names that tell their contents, also where one script imports another."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """The imports of ES modules are renamed too: a module is loaded once, and cached for good."""

    support_js_module_import_aggregation = True
