"""Where the account is and what lets us in: read off a form, never told back."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from pydantic import SecretStr

from connector import trial
from connector.config.values import LOOPBACK
from connector.errors import BadConfig
from connector.first_run.writing import NAME, Connection, usual_name
from connector.kpi.text import Language
from connector.redact import remember
from connector.web.setup.variables import OF_CRMS, Readable
from connector.web.words import WORDS

PROVIDERS = (("amocrm", "amoCRM"), ("bitrix24", "Bitrix24"))
SECRETS = "secrets"
"""The folder beside the configuration in which pasted keys lie."""


def connection(
    fields: Mapping[str, str], environ: Mapping[str, str], readable: Readable, language: Language
) -> tuple[Connection, SecretStr]:
    """The account and its key. Raises BadConfig with everything that is wrong with the form, in the reader's words."""
    provider, address = fields.get("provider", ""), fields.get("address", "").strip().rstrip("/")
    problems = []
    if provider not in dict(PROVIDERS):
        problems.append(WORDS["setup_bad_crm"](language))
    host = _host(address)
    if not host:
        problems.append(WORDS["setup_bad_address"](language))
    name = fields.get("name", "").strip() or usual_name(host)
    if not NAME.fullmatch(name):
        problems.append(WORDS["setup_bad_name"](language))
    secret, source, problem = _secret(fields, environ, readable, name, language)
    problems += [problem] if problem else []
    if problems:
        raise BadConfig(problems)
    remember(secret)
    option = trial.secrets_of(provider)[0]
    return Connection(name, provider, address, (option, source), language=language), SecretStr(secret)


def _host(address: str) -> str:
    """Empty where a key may not go there: no address, or one in clear beyond this machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return ""
    return host if parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK) else ""


def _secret(
    fields: Mapping[str, str], environ: Mapping[str, str], readable: Readable, name: str, language: Language
) -> tuple[str, dict[str, str], str]:
    """The key, what the configuration says of it, and what is wrong."""
    variable, pasted = fields.get("variable", "").strip(), fields.get("secret", "").strip()
    if pasted:
        return pasted, {"file": f"{SECRETS}/{name}"}, ""
    if variable and not readable.allows(variable):
        usual = WORDS["setup_usual"](language).format(names=", ".join(OF_CRMS)) if readable.usual else ""
        return "", {}, WORDS["setup_bad_way"](language).format(name=variable[:60], usual=usual)
    if variable:
        found = environ.get(variable, "").strip()
        problem = "" if found else WORDS["setup_bad_variable"](language).format(name=variable[:60])
        return found, {"env": variable}, problem
    return "", {}, WORDS["setup_bad_secret"](language)
