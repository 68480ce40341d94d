"""A command that was typed wrong, as Typer says it. Words only."""

from __future__ import annotations

WRONG_CALLS: dict[str, str] = {
    "Missing option {0}.": "не хватает опции {0}",
    "Missing argument {0}.": "не хватает аргумента {0}",
    "Missing command.": "не сказано, какая команда",
    "No such option: {0}": "нет опции {0}",
    "No such option: {0} (Possible options: {1})": "нет опции {0} (похожи: {1})",
    "No such command {0}.": "нет команды {0}",
    "No such command {0}. Did you mean {1}?": "нет команды {0}; может быть, {1}?",
    "Got unexpected extra argument(s) ({0})": "лишнее: {0}",
    "Option {0} requires an argument.": "у опции {0} нет значения",
    "Option {0} does not take a value.": "опция {0} без значения",
    "Invalid value for {0}: {1}": "не то значение {0}: {1}",
    "{0} is not one of {1}.": "{0} — не одно из {1}",
    "{0} does not match the formats {1}.": "{0} не по образцам {1}",
    "{0} does not match the format {1}.": "{0} не по образцу {1}",
    "{0} is not HOST:PORT, such as 127.0.0.1:8800": "{0} — не ХОСТ:ПОРТ, например 127.0.0.1:8800",
    "{0} is no moment such as 2026-09-20 or '2026-09-20 14:30'": (
        "{0} — не момент вроде 2026-09-20 или '2026-09-20 14:30'"
    ),
}
