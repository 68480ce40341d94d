"""Where the account is and what lets us in: read off a form, never told back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from pydantic import SecretStr

from connector import trial
from connector.errors import BadConfig
from connector.first_run.writing import Connection
from connector.kpi.text import Language
from connector.redact import remember
from connector.web.words import WORDS

PROVIDERS = (("amocrm", "amoCRM"), ("bitrix24", "Bitrix24"))
SECRETS = "secrets"
"""The folder beside the configuration in which pasted keys lie."""
_NAME = re.compile(r"^[A-Za-z0-9_.-]{1,40}$")
_HERE = ("127.0.0.1", "localhost", "::1")


def connection(
    fields: Mapping[str, str], environ: Mapping[str, str], language: Language
) -> tuple[Connection, SecretStr]:
    """The account and its key. Raises BadConfig with everything that is wrong with the form, in the reader's words."""
    provider, address = fields.get("provider", ""), fields.get("address", "").strip().rstrip("/")
    problems = []
    if provider not in dict(PROVIDERS):
        problems.append(WORDS["setup_bad_crm"](language))
    parts = urlsplit(address)
    host = parts.hostname or ""
    if not host or parts.scheme not in ("https", "http") or (parts.scheme == "http" and host not in _HERE):
        problems.append(WORDS["setup_bad_address"](language))
    name = fields.get("name", "").strip() or _named(host)
    if not _NAME.match(name):
        problems.append(WORDS["setup_bad_name"](language))
    secret, source, problem = _secret(fields, environ, name, language)
    problems += [problem] if problem else []
    if problems:
        raise BadConfig(problems)
    remember(secret)
    option = trial.secrets_of(provider)[0]
    return Connection(name, provider, address, (option, source), language=language), SecretStr(secret)


def _named(host: str) -> str:
    return "main" if not host or host[:1].isdigit() else host.partition(".")[0]


def _secret(
    fields: Mapping[str, str], environ: Mapping[str, str], name: str, language: Language
) -> tuple[str, dict[str, str], str]:
    """The key, what the configuration says of it, and what is wrong."""
    variable, pasted = fields.get("variable", "").strip(), fields.get("secret", "").strip()
    if pasted:
        return pasted, {"file": f"{SECRETS}/{name}"}, ""
    if variable:
        found = environ.get(variable, "").strip()
        return (
            found,
            {"env": variable},
            "" if found else WORDS["setup_bad_variable"](language).format(name=variable[:60]),
        )
    return "", {}, WORDS["setup_bad_secret"](language)
