"""kpi personal, erase, purge: what is kept of a person, and how it goes."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from connector.cli import spoken
from connector.cli.importing import only
from connector.cli.options import Account, AsJson, Config, InLanguage, benches, languages, opened_desk, person, speaks
from connector.errors import BadConfig

if TYPE_CHECKING:
    from connector.pipeline.bench import Workbench
    from connector.records import Ref

Client = Annotated[str | None, typer.Option("--client", help="contact:701 or company:801.")]
User = Annotated[str | None, typer.Option("--user", help="One of your own people, by id or whole name.")]


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.command()(personal)
    app.command()(erase)
    app.command()(purge)


def personal(client: Client = None, user: User = None, config: Config = None, account: Account = None) -> None:
    """Everything that is kept about one person, as JSON on stdout."""
    from connector.cli import screen
    from connector.pipeline.privacy.personal import personal as found

    ref = _ref(client, user)
    with benches(config, account) as opened:
        bench = only(opened)
        screen.print_json(found(bench, _meant(bench, ref)))


def erase(
    client: Client = None,
    user: User = None,
    reason: Annotated[str, typer.Option(help="On what ground, for the record of the destruction.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """Destroy a person's data here for good: no sync and no backup brings them back. Numbers stay."""
    from connector.cli import screen, words
    from connector.cli.counted_words import KEPT
    from connector.pipeline.privacy.erasing import erase as destroy

    ref = _ref(client, user)
    if not reason.strip():
        raise BadConfig(["erase: say --reason, such as the date of the person's request: it stands in the record"])
    with opened_desk(config, language) as desk:
        bench = only([desk.open(chosen) for chosen in desk.settings.pick(account)])
        ref, told = _meant(bench, ref), speaks([bench], language)
        if not yes:
            typer.confirm(spoken.line("destroy", told, ref=ref), abort=True, err=True)
        done = destroy(bench, ref, desk.folder, author=getpass.getuser(), reason=reason)
    if as_json:
        screen.print_json({"account": done.account, "mark": done.mark, "rows": done.counts})
        return
    rows = screen.counted(words.worded(done.counts, KEPT, told), told) or spoken.line("nothing_kept", told)
    typer.echo(f"{done.account}: {spoken.line('destroyed', told, ref=ref, rows=rows, mark=done.mark)}")
    typer.echo(spoken.line("backups_hold", told), err=True)


def purge(config: Config = None, account: Account = None, language: InLanguage = None, as_json: AsJson = False) -> None:
    """What is older than [account.retention] allows goes now; `kpi run` does it every night."""
    from connector.cli import screen, words
    from connector.cli.counted_words import KEPT
    from connector.pipeline.bench import each
    from connector.pipeline.privacy.retaining import retain

    with benches(config, account, language) as opened:
        ended = each(opened, lambda bench: retain(bench, bench.settings.retention))
    if as_json:
        screen.print_json([{"account": end.account, "rows": end.value} for end in ended])
    else:
        for bench, end in zip(opened, ended, strict=True):
            if end.value is not None:
                told = speaks([bench], language)
                counts = words.worded(end.value, KEPT, told)
                gone = screen.counted(counts, told) or spoken.line("nothing_old", told)
                typer.echo(f"{end.account}: {gone}")
    screen.fail_if_any(ended, languages(opened, language))


def _ref(client: str | None, user: str | None) -> Ref:
    if (client is None) == (user is None):
        raise BadConfig(["say --client contact:701 or --user 501, one of them"])
    return client if client is not None else f"user:{user}"


def _meant(bench: Workbench, ref: Ref) -> Ref:
    """A person of ours who was named in full: a part of a name destroys nobody."""
    kind, _, told = ref.partition(":")
    return f"user:{person(bench, told, exactly=True)}" if kind == "user" else ref
