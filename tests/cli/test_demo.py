"""What a sandbox prints goes into a configuration as it is."""

from __future__ import annotations

import tomllib

from connector.cli.demo import as_toml


def test_options_are_printed_as_toml() -> None:
    """They were printed as Python: `{'700': ('511',)}` is refused by every parser of TOML."""
    options = {"base_url": "http://127.0.0.1:8080", "heads": {"700": ("511",), "701": ["512", "513"]}}
    told = "\n".join(f"{key} = {as_toml(value)}" for key, value in options.items())
    assert tomllib.loads(told) == options | {"heads": {"700": ["511"], "701": ["512", "513"]}}
