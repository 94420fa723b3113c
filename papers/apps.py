"""The Django application of the domain, and the rows that belong to its tables like columns do."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PapersConfig(AppConfig):
    name = "papers"
    verbose_name = _("Papers")

    def ready(self) -> None:
        post_migrate.connect(store_fixed_rows, sender=self)


def store_fixed_rows(sender: AppConfig, using: str, **_kwargs: Any) -> None:
    """After each migration: arXiv's taxonomy as this release knows it, and the one-row tables.

    Not a data migration, so that a release with a newer taxonomy needs no new one.
    """
    from papers.arxiv.taxonomy import CATEGORIES

    category_model = sender.get_model("Category")
    fields = ["name", "archive", "archive_name", "group", "group_name", "alias_of", "active"]
    # Aliases last: they point to what must be there.
    for aliases in (False, True):
        category_model._default_manager.using(using).bulk_create(
            [
                category_model(
                    code=c.code,
                    name=c.name,
                    archive=c.archive,
                    archive_name=c.archive_name,
                    group=c.group,
                    group_name=c.group_name,
                    alias_of_id=c.alias_of,
                    active=c.active,
                )
                for c in CATEGORIES.values()
                if (c.alias_of is not None) == aliases
            ],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=fields,
        )
    for name in ("Installation", "Gate", "Tally"):
        sender.get_model(name)._default_manager.using(using).get_or_create(id=1)
