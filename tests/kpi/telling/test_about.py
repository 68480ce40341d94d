"""Everything about a KPI, from its definition."""

from __future__ import annotations

import json
from dataclasses import replace

from connector.kpi.catalogue import ALL
from connector.kpi.telling.about import DIRECTIONS, FAMILIES, NEEDS, Told, as_json, as_list, as_text, facts_of
from connector.kpi.telling.formula import formula


def test_the_text_of_one() -> None:
    assert as_text(Told(ALL["refund_share"]), "ru") == (
        "Доля возвратов / Refund share\n"
        "Возвраты по продажам периода, делённые на его выручку; пока окно открыто, доля может вырасти.\n"
        "\n"
        "Ключ: refund_share\n"
        "Определение: K-08\n"
        "Семейство: клиент\n"
        "Формула: сумма возвратов [день возврата ≤ момент отчёта] / сумма выигрышей\n"
        "Единица: доля (0…1, показывается в процентах)\n"
        "Направление: чем меньше, тем лучше\n"
        "Кому засчитывается: ответственный на момент события\n"
        "Смотреть вместе с: revenue\n"
        "Мало данных, если фактов меньше: 20\n"
        "Интервал 90 %: части суммы, по Уилсону: на столько равных слагаемых, сколько менялись бы так же\n"
        "Вместо значения или рядом с ним: нет источника данных (no_source), нет закрытых сделок (no_deals), "
        "мало данных (few_data), не всё учтено: нет курса валюты (no_rate)\n"
        "Нужно от CRM: сделки\n"
        "Нужна настройка: refund_amount_field\n"
        f"Версия формулы: {ALL['refund_share'].version}"
    )
    assert "Settings (defaults): successful_call_seconds = 60" in as_text(Told(ALL["successful_call_share"]), "en")


def test_the_list_has_a_line_for_each_in_the_order_of_reports() -> None:
    lines = as_list(map(Told, ALL.values()), "en").splitlines()
    assert [line.split()[0] for line in lines] == list(ALL)
    assert all(line.endswith(formula(kpi, "en")) for line, kpi in zip(lines, ALL.values(), strict=True))


def test_the_json_has_both_languages_of_every_one() -> None:
    told = json.loads(as_json(map(Told, ALL.values())))
    assert [one["key"] for one in told] == list(ALL)
    for one in told:
        for words in ("title", "meaning", "formula"):
            assert set(one[words]) == {"ru", "en"}
            assert all(one[words].values())
    (csat,) = [one for one in told if one["key"] == "csat"]
    assert (csat["setting"], csat["needs"], csat["minimum"]) == ("csat_field", ["deal"], 20)


def test_whatever_is_said_of_a_kpi_has_its_words() -> None:
    assert {kpi.direction for kpi in ALL.values()} == set(DIRECTIONS)
    assert {kind for kpi in ALL.values() for kind in kpi.needs} <= set(NEEDS)
    assert {kpi.family for kpi in ALL.values()} == set(FAMILIES)


def test_an_accounts_own_kpi_is_marked_everywhere() -> None:
    own = Told(ALL["calls"], "moscow")
    assert as_list([own], "en").startswith("calls  Calls · own (moscow)  number of")
    assert as_text(own, "ru").endswith("\nСвой показатель: moscow")
    assert [one["own"] for one in json.loads(as_json([own, Told(ALL["calls"])]))] == ["moscow", None]


def test_what_a_kpi_needs_besides_records_is_told_in_words() -> None:
    needy = replace(ALL["calls"], needs=frozenset({"call", "import:payment", "named:Опт"}))
    assert facts_of(needy, "ru")["needs"] == "звонки, загрузка: оплат, в CRM нет: Опт"
