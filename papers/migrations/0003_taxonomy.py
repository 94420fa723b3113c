"""Fill in arXiv's taxonomy. A later change of the taxonomy is a later migration that calls the same."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from papers.arxiv.taxonomy import CATEGORIES


def store_taxonomy(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    category_model = apps.get_model("papers", "Category")
    # Aliases last: they point to what must be there.
    for category in sorted(CATEGORIES.values(), key=lambda c: c.alias_of is not None):
        category_model.objects.update_or_create(
            code=category.code,
            defaults={
                "name": category.name,
                "archive": category.archive,
                "archive_name": category.archive_name,
                "group": category.group,
                "group_name": category.group_name,
                "alias_of_id": category.alias_of,
                "active": category.active,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("papers", "0002_follow_changes")]

    operations = [migrations.RunPython(store_taxonomy, migrations.RunPython.noop)]
