"""Every command of a batch is accounted for by name, whatever PHP makes of the maps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connector.errors import Broken, Limited, NotThere, Unfit
from providers.bitrix24.batch import Command, NotRun, Reply, account_for
from providers.bitrix24.limits import Limits

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
TWO = {"c0": Command("crm.item.list", {"filter": {">id": 0}, "start": -1}), "c1": Command("user.get")}


def outcomes(result: Any, commands: dict[str, Command] = TWO) -> dict[str, Any]:
    return account_for(commands, result, told_at=NOW, where="acme", limits=Limits())


def test_a_command_is_encoded_once() -> None:
    assert TWO["c0"].text() == "crm.item.list?filter%5B%3Eid%5D=0&start=-1"


def test_results_and_errors_by_name() -> None:
    found = outcomes(
        {
            "result": {"c0": {"items": []}},
            "result_error": {"c1": {"error": "", "error_description": "Not found"}},
            "result_total": {"c0": "137"},
            "result_next": [],
            "result_time": {"c0": {"operating": 1.5}},
        }
    )
    assert found["c0"] == Reply({"items": []}, NOW, 137)
    assert isinstance(found["c1"], NotThere)


def test_empty_maps_come_as_lists() -> None:
    found = outcomes({"result": {"c0": [], "c1": []}, "result_error": [], "result_total": [], "result_time": []})
    assert [found[name].result for name in TWO] == [[], []]


def test_an_empty_result_is_a_result() -> None:
    found = outcomes({"result": {"c0": None, "c1": False}, "result_error": []})
    assert [found[name].result for name in TWO] == [None, False]


def test_what_stands_nowhere_did_not_run() -> None:
    found = outcomes({"result": {"c0": []}, "result_error": []})
    assert isinstance(found["c1"], NotRun)


def test_answers_in_a_list_belong_to_nobody() -> None:
    found = outcomes({"result": [[1], [2]], "result_error": []})
    assert all(isinstance(outcome, NotRun) for outcome in found.values())


@pytest.mark.parametrize("result", ["text", 7, {"result": "text"}, {"result": {}, "result_error": 5}])
def test_no_batch_at_all(result: Any) -> None:
    with pytest.raises(Broken):
        outcomes(result)


def test_limits_inside_know_when_they_end() -> None:
    reset = (NOW + timedelta(seconds=30)).timestamp()
    found = outcomes(
        {
            "result": [],
            "result_error": {"c0": {"error": "OPERATION_TIME_LIMIT"}, "c1": {"error": "QUERY_LIMIT_EXCEEDED"}},
            "result_time": {"c0": {"operating_reset_at": reset}},
        }
    )
    assert isinstance(found["c0"], Limited)
    assert found["c0"].retry_at == NOW + timedelta(seconds=30)
    assert isinstance(found["c1"], Limited)
    assert found["c1"].retry_at is None


def test_an_error_that_is_only_text() -> None:
    found = outcomes({"result": {"c0": []}, "result_error": {"c1": "Invalid parameters."}})
    assert isinstance(found["c1"], Unfit)
