"""crm.deal.*, crm.lead.*, crm.contact.*, crm.company.*: the old methods, all text, careless about unknown filters."""

from __future__ import annotations

from typing import Any

from providers.bitrix24.sandbox import writing
from providers.bitrix24.sandbox.answers import Result, not_there
from providers.bitrix24.sandbox.desk import Call
from providers.bitrix24.sandbox.methods.items import create
from providers.bitrix24.sandbox.methods.registry import method
from providers.bitrix24.sandbox.rows import Item
from providers.bitrix24.sandbox.views.classic import METHODS as KINDS
from providers.bitrix24.sandbox.views.classic import typed_names


def _register(kind: int, word: str) -> None:
    """The five methods of one kind."""

    @method(f"crm.{word}.list", "crm")
    def listing(call: Call) -> Result:
        return call.paged(call.portal.items[kind], call.shelf.classic(kind))

    @method(f"crm.{word}.get", "crm")
    def get(call: Call) -> Result:
        item = _found(call, kind)
        return Result(call.one(call.portal.items[kind], call.shelf.classic(kind), item.id))

    @method(f"crm.{word}.add", "crm")
    def add(call: Call) -> Result:
        item = create(call, kind, _typed(call, kind))
        call.wrote()
        return Result(item.id)

    @method(f"crm.{word}.update", "crm")
    def update(call: Call) -> Result:
        item = _found(call, kind)
        fields = _typed(call, kind)
        fields.pop("categoryId", None)  # the old method cannot change the pipeline
        call.wrote(changed=writing.apply(call, item, fields))
        return Result(True)

    @method(f"crm.{word}.delete", "crm")
    def delete(call: Call) -> Result:
        item = _found(call, kind)
        call.portal.remove(kind, item.id)
        call.wrote()
        return Result(True)


def _found(call: Call, kind: int) -> Item:
    item = call.portal.items[kind].get(call.params.number("id", 0))
    if item is None:
        raise not_there()
    return item


def _typed(call: Call, kind: int) -> dict[str, Any]:
    """Old names -> the universal methods' names; unknown ones fall away."""
    names = typed_names(call.portal, kind)
    return {names[key]: value for key, value in call.params.map("fields").items() if key in names}


for _kind, _word in KINDS.items():
    _register(_kind, _word)
