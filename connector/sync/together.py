"""Pages that wait for the store at the same time: those of one kind go into one transaction. Pure.

Where the CRM's pace is what everybody waits for, each page comes alone. Where the store is, a commit and a dozen
statements for a hundred rows cost more than the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from connector.provider import Page
from connector.records import Record

ROWS = 2500
"""Of pages in one transaction; a page that has more alone goes in alone."""

Arrival = tuple[type[Record], "Page | BaseException | None"]
"""A page; or the end of a stream: None where all was read, else what ended it."""


@dataclass(slots=True)
class Bundle:
    """Pages of one stream in their order, none of which names a record of another or was partly unreadable."""

    pages: list[Page]
    _ids: set[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._ids = {record.id for page in self.pages for record in page.records}

    @property
    def rows(self) -> int:
        return sum(len(page.records) for page in self.pages)

    def takes(self, page: Page) -> bool:
        """What two pages say of one record is two changes, and what cannot be read heals in the order of pages."""
        if self.rows + len(page.records) > ROWS or page.refused or self.pages[-1].refused:
            return False
        return self._ids.isdisjoint([record.id for record in page.records])

    def add(self, page: Page) -> None:
        self.pages.append(page)
        self._ids.update([record.id for record in page.records])

    def as_page(self) -> Page:
        """All their rows beside the last one's cursor."""
        if len(self.pages) == 1:
            return self.pages[0]
        return replace(self.pages[-1], records=[record for page in self.pages for record in page.records])


def together(arrivals: Iterable[Arrival]) -> Iterator[tuple[type[Record], Bundle | BaseException | None]]:
    """The pages of each kind in as few bundles as may be, in their order; an end after all that came before it."""
    waiting: dict[type[Record], Bundle] = {}
    for kind, item in arrivals:
        if not isinstance(item, Page):
            yield from waiting.items()
            waiting.clear()
            yield kind, item
        elif (bundle := waiting.get(kind)) is None:
            waiting[kind] = Bundle([item])
        elif bundle.takes(item):
            bundle.add(item)
        else:
            yield kind, bundle
            waiting[kind] = Bundle([item])
    yield from waiting.items()
