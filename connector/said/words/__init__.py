"""The catalogue: English sentence -> Russian, one file for what is spoken of. `{0}` is what fills the first gap."""

from __future__ import annotations

from collections.abc import Mapping

from connector.said.words.asking import ASKING
from connector.said.words.bringing import BRINGING
from connector.said.words.calling import CALLING
from connector.said.words.configuring import CONFIGURING
from connector.said.words.crm import CRM
from connector.said.words.house import HOUSE
from connector.said.words.keeping import KEEPING
from connector.said.words.own_kpis import OWN_KPIS
from connector.said.words.talks import TALKS
from connector.said.words.wrong_calls import WRONG_CALLS

WORDS: Mapping[str, str] = {
    **ASKING, **BRINGING, **CALLING, **CONFIGURING, **CRM, **HOUSE, **KEEPING, **OWN_KPIS, **TALKS,
    **WRONG_CALLS,
}  # fmt: skip
