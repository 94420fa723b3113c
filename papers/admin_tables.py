"""What the administrators' tables share: they may be large, and most are to be looked at only."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerError

from papers import tasks

# Django's classes take their types when they are checked, and not when they run.
if TYPE_CHECKING:
    _Paginator = Paginator[Any]
    ModelAdmin = admin.ModelAdmin[Any]
else:
    _Paginator = Paginator
    ModelAdmin = admin.ModelAdmin

# Pages behind these are of no use to a person, and counting on would read the whole table.
_MOST_COUNTED = 10_000


class CappedPaginator(_Paginator):
    """Counts to a limit and no further."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, at most `_MOST_COUNTED`."""
        rows = self.object_list
        if isinstance(rows, QuerySet):
            return rows.order_by()[:_MOST_COUNTED].count()
        return len(rows)


class Large(ModelAdmin):
    """A table that may be very large."""

    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is deleted by hand: pages and followers would not learn of it."""
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rows come from arXiv."""
        return False


class ReadOnly(Large):
    """A table to look at."""

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What happened is not rewritten."""
        return False


def hint_worker(request: HttpRequest) -> None:
    """Tell the worker once the days are stored as due; a lost broker only delays it to a tick."""

    def hint() -> None:
        try:
            tasks.fetch_due.apply_async(expires=60, retry=False)
        except (BrokerError, OSError) as error:
            messages.warning(
                request,
                _("The worker could not be told (%(error)s); it will see for itself in a while.")
                % {"error": error},
            )

    transaction.on_commit(hint)
