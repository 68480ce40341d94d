"""What each step does: connect and look, take answers, check and write the file, compare, switch levels on."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from connector import trial
from connector.app import desk, read_settings
from connector.errors import BadConfig
from connector.first_run.choices import unfound
from connector.first_run.proposing import judged, propose
from connector.first_run.seen import Proposal
from connector.first_run.writing import Connection, config
from connector.kpi.text import Language
from connector.pipeline.switching import Level, switch
from connector.pipeline.writing import preview_of
from connector.web.setup import keeping
from connector.web.setup.asking import answers
from connector.web.setup.connecting import connection
from connector.web.setup.state import Job, Setup
from connector.web.setup.storing import storage

AUTHOR = "kpi init --web"


def connect(setup: Setup, fields: Mapping[str, str], language: Language) -> None:
    """Start to look. Raises BadConfig for a form that says nothing usable."""
    there, secret = connection(fields, setup.environ, setup.readable, language)
    _key_is_free(setup, there, language)
    setup.store = storage(fields, language)

    def look(job: Job) -> None:
        setup.there, setup.seen = trial.looked(there, secret, job)
        proposals = propose(setup.seen, leads=trial.takes(there.provider, "heads"))
        setup.proposals = [*proposals, *unfound(setup.seen, proposals)]
        setup.step, setup.typed = "answers", {}

    setup.secret = secret
    setup.job = Job("looking", look)


def answer(setup: Setup, fields: Mapping[str, str], language: Language) -> None:
    """Take the answers; by what people are judged is proposed on them. Raises BadConfig."""
    _, seen = setup.connected
    setup.typed = {"answers": fields}
    setup.answers = answers(setup.proposals, seen, fields, language)
    setup.judged = judged(seen, setup.answers)
    setup.step = "judged"


def judge(setup: Setup, fields: Mapping[str, str], language: Language) -> None:
    """Take the set and its goal, and make the file; it is read as `kpi run` would. Raises BadConfig."""
    there, seen = setup.connected
    setup.typed["judged"] = fields
    setup.of_people = answers(setup.judged, seen, fields, language)
    text = config(there, whole(setup), setup.store)
    _checked(setup, text, language)
    setup.text, setup.step = text, "review"


def write(setup: Setup, language: Language) -> None:
    """The file, and the key beside it where it was pasted. Raises BadConfig where either cannot be, or is there."""
    there, _ = setup.connected
    keeping.free(setup.path, "setup_exists", language)
    _key_is_free(setup, there, language)
    keeping.leave([*_keys(setup, setup.path.parent, there), keeping.Leaf(setup.path, setup.text)], language)
    setup.step = "written"


def compare(setup: Setup) -> None:
    """Start to read, compute, hold beside the CRM, and see what would be written."""

    def count(job: Job) -> None:
        with desk(setup.path, setup.environ) as made:
            ended = trial.beside(made, job)[0]
            if ended.error is not None:
                raise ended.error
            setup.found, setup.shown = ended.value, preview_of(made.benches[0]).shown

    setup.job = Job("counting", count)


def decide(setup: Setup, level: Level, on: bool) -> None:
    """A level is switched on, or left as it is. Raises what keeps the store from being written."""
    if on:
        with desk(setup.path, setup.environ) as made:
            switch(made.open(made.settings.account[0]), level, "on", author=AUTHOR)
    setup.settled[level] = "on" if on else "preview"


def back(setup: Setup) -> None:
    """To the step before, as long as nothing is written."""
    before = {"answers": "connect", "judged": "answers", "review": "judged"}
    for here, there in before.items():
        if setup.step == here:
            setup.step = there  # type: ignore[assignment]  # both are steps
            return


def whole(setup: Setup) -> list[Proposal]:
    """All that was accepted, in the order in which it was asked."""
    return [*setup.answers, *setup.of_people]


def _checked(setup: Setup, text: str, language: Language) -> None:
    there, _ = setup.connected
    _key_is_free(setup, there, language)
    with tempfile.TemporaryDirectory(prefix="kpi-init-") as folder:
        path = Path(folder) / "config.toml"
        keeping.leave([*_keys(setup, path.parent, there), keeping.Leaf(path, text)], language)
        try:
            read_settings(path, setup.environ)
        except BadConfig as error:
            raise BadConfig([line.removeprefix(f"{path}: ") for line in error.problems]) from None


def _keys(setup: Setup, folder: Path, there: Connection) -> list[keeping.Leaf]:
    """The file of the pasted key; none where a variable holds it."""
    name = there.secret[1].get("file")
    return [] if name is None else [keeping.key(folder / name, setup.secret.get_secret_value())]


def _key_is_free(setup: Setup, there: Connection, language: Language) -> None:
    """Another configuration's key may lie under the same name."""
    for one in _keys(setup, setup.path.parent, there):
        keeping.free(one.path, "setup_key_exists", language)
