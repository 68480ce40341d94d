"""What is wrong with an account's own KPIs: `connector.kpi.custom.words` as sentences, its named gaps numbered."""

from __future__ import annotations

import re
from collections.abc import Iterator

from connector.kpi.custom.words import PERHAPS, WORDS
from connector.kpi.text import Text

_NAMED = re.compile(r"\{(\w+)\}")
_LITERALS = {
    "amount such as 100000": "сумма, например 100000",
    'time: seconds, or "3m", "2h", "1d"': "время: секунды или «3m», «2h», «1d»",
    "number of days such as 60": "число дней, например 60",
    "share: 0.8 or 80%": "доля: 0.8 или 80%",
    "score such as 4": "оценка, например 4",
    "number such as 5": "число, например 5",
    "ordinal such as 2": "номер, например 2",
}
"""What may stand in a condition: they fill a gap."""


def _numbered(text: Text) -> tuple[str, str]:
    """The gaps as the English counts them; what stands in it twice is one gap for the Russian."""
    order = dict.fromkeys(_NAMED.findall(text.en))
    at = {name: _NAMED.findall(text.en).index(name) for name in order}
    count = iter(range(99))
    english = _NAMED.sub(lambda _: f"{{{next(count)}}}", text.en)
    return english, _NAMED.sub(lambda gap: f"{{{at[gap[1]]}}}", text.ru)


def _variants(text: Text) -> Iterator[Text]:
    """What was perhaps meant is said or is not."""
    yield Text(*(side.replace("{meant}", "") for side in text))
    if "{meant}" in text.en:
        yield Text(*(side.replace("{meant}", may.format("{close}")) for side, may in zip(text, PERHAPS, strict=True)))


OWN_KPIS: dict[str, str] = {
    **dict(_numbered(one) for text in WORDS.values() for one in _variants(text)),
    **_LITERALS,
}
