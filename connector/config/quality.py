"""`[account.quality]`: whether and how conversations are scored. Without the section no transcript is asked for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from connector.config.section import Section
from connector.config.values import LOOPBACK
from connector.provider import Secret


def _address(url: str) -> str:
    if not re.match(r"^https?://[^\s/?#]+(/[^\s?#]*)?$", url):
        raise ValueError("an address such as http://127.0.0.1:8080/v1, without a query")
    return url.rstrip("/")


def _host(name: str) -> str:
    if not re.match(r"^(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$", name):
        raise ValueError("a host such as records.example.ru, or *.example.ru")
    return name.lower()


class LlmSettings(Section):
    """A language model behind an address of OpenAI's shape."""

    base_url: Annotated[str, AfterValidator(_address)] = "http://127.0.0.1:8080/v1"
    """Without `/chat/completions`."""
    model: str = Field("default", min_length=1, max_length=200)
    key: Secret | None = None
    remote: bool = False
    """Transcripts may leave this machine, masked: phones, e-mails, names. Needed for any host but this one."""
    timeout: int = Field(120, ge=1, le=1800)
    """Seconds for one call."""

    @property
    def here(self) -> bool:
        """Whether the model runs on this machine."""
        return (urlsplit(self.base_url).hostname or "") in LOOPBACK

    @model_validator(mode="after")
    def _allowed(self) -> LlmSettings:
        if not self.here and not self.remote:
            raise ValueError("base_url is another machine: set remote = true to let masked transcripts go there")
        if not self.here and urlsplit(self.base_url).scheme != "https":
            raise ValueError("base_url of another machine must be https://")
        return self


class SpeechSettings(Section):
    """Recordings to text on this machine; left out: recordings are never fetched."""

    engine: Literal["faster_whisper"] = "faster_whisper"
    model: Path
    """The folder of a CTranslate2 model; nothing is downloaded."""
    hosts: tuple[Annotated[str, AfterValidator(_host)], ...] = Field(min_length=1)
    """From where recordings may be fetched; *.example.ru is any host under it."""
    threads: int = Field(2, ge=1, le=64)
    beam: int = Field(1, ge=1, le=10)
    max_megabytes: int = Field(50, ge=1, le=1000)
    max_minutes: int = Field(90, ge=1, le=600)
    fetch_seconds: int = Field(60, ge=1, le=600)
    most: int = Field(20, ge=1, le=10_000)
    """Recordings a run."""
    keep: Path | None = None
    """A folder for recordings; left out: each is deleted as soon as it is text."""


class SamplingSettings(Section):
    """Calls that people score by hand, drawn by chance each week."""

    per_person: int = Field(3, ge=1, le=50)
    second: float = Field(0.15, ge=0, le=1)
    """The part that a second person scores too, to see whether people agree."""
    form: str | None = None
    """The address of the web page, such as https://kpi.example.ru; left out: tasks name the command instead."""
    raters: tuple[str, ...] = ()
    """Ids of users who score; left out: each seller's head, and for the second time another head."""


class QualitySettings(Section):
    """How an account's conversations are scored."""

    scorer: Literal["local", "llm", "off"] = "local"
    checklist: Path | None = None
    """A TOML file, or a folder of them; left out: the starter checklist that ships."""
    embeddings: bool = False
    """The local scorer guesses at objections by meaning too: pip install kpi-connector[embeddings]."""
    from_crm: bool = True
    """Ask the CRM for transcripts it made itself."""
    keep_days: int = Field(30, ge=1, le=3650)
    """A transcript's text is deleted after so many days; scores stay."""
    mask: bool = True
    """Phones, e-mails and names are taken out before a transcript is kept."""
    min_seconds: int = Field(30, ge=0, le=3600)
    """Shorter talks are not scored."""
    most: int = Field(500, ge=1, le=100_000)
    """Calls scored a run."""
    mute_below: float = Field(0.4, ge=0, le=1)
    """A criterion on which programs agree with people less than this (Cohen's kappa) counts in no KPI."""
    mute_from: int = Field(20, ge=5, le=1000)
    """... once so many calls were scored by both."""
    llm: LlmSettings = LlmSettings()
    speech: SpeechSettings | None = None
    sampling: SamplingSettings | None = None
