"""kpi transcripts, kpi calls: what was said, how it was scored, by programs and by people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from connector.cli import spoken
from connector.cli.importing import only, read
from connector.cli.options import Account, AsJson, Config, InLanguage, benches, person, speaks

transcripts = typer.Typer(help="Transcripts of calls: import, purge, forget.", no_args_is_help=True)
calls = typer.Typer(help="Scores of calls: score, look, sample for people, agreement.", no_args_is_help=True)
Call = Annotated[str, typer.Argument(metavar="CALL", help="The call's id, as explain shows it.")]
Week = Annotated[str | None, typer.Option("--week", help="Such as 2026-W40; default: the last whole one.")]
Rater = Annotated[str | None, typer.Option("--rater", help="One person's, by id, name or a part of it.")]


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.add_typer(transcripts, name="transcripts")
    app.add_typer(calls, name="calls")


@transcripts.command("import")
def transcripts_import(
    path: Annotated[Path, typer.Argument(help="A JSON, TXT, SRT or VTT file, or a folder of them.")],
    config: Config = None,
    account: Account = None,
    as_json: AsJson = False,
) -> None:
    """Take transcripts from files; the name or a field tells the call. Bad files are named, the others are taken."""
    from connector.cli.screens.talks import scoring as screen
    from connector.pipeline.talks.transcripts import import_transcripts

    with benches(config, account) as opened:
        bench = only(opened)
        done = import_transcripts(bench, path)
        screen.show_imported(bench.settings.name, done, bench.settings.language, as_json=as_json)


@transcripts.command("purge")
def transcripts_purge(config: Config = None, account: Account = None) -> None:
    """Delete the texts that are older than account.quality.keep_days; scores stay. `kpi run` does it by itself."""
    from connector.pipeline.talks.transcripts import purge

    with benches(config, account) as opened:
        for bench in opened:
            typer.echo(spoken.of(bench, "transcripts_gone", n=purge(bench)))


@transcripts.command("forget")
def transcripts_forget(call: Call, config: Config = None, account: Account = None) -> None:
    """Delete the text of one call at once; its scores stay."""
    from connector.pipeline.talks.transcripts import forget

    with benches(config, account) as opened:
        bench = only(opened)
        forget(bench, call)
        typer.echo(spoken.of(bench, "transcript_gone", call=call))


@calls.command("score")
def calls_score(
    config: Config = None,
    account: Account = None,
    most: Annotated[int | None, typer.Option("--most", min=1, help="Calls at most; default: the setting's.")] = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """Ask the CRM for transcripts, score what is new, tell the KPIs. `kpi run` does it after each sync."""
    from connector.cli.screens.talks import scoring as screen
    from connector.pipeline.bench import each
    from connector.pipeline.talks.scoring import score_talks

    with benches(config, account, language) as opened:
        ended = each(opened, lambda bench: score_talks(bench, most=most))
    screen.show_scoring(ended, speaks(opened, language), as_json=as_json)


@calls.command("status")
def calls_status(
    config: Config = None, account: Account = None, language: InLanguage = None, as_json: AsJson = False
) -> None:
    """How many transcripts and scores there are, by which scorer and checklist, and what is muted."""
    from connector.cli.screens.talks import scoring as screen
    from connector.pipeline.talks.shown import standing

    with benches(config, account, language) as opened:
        screen.show_standing([standing(bench) for bench in opened], speaks(opened, language), as_json=as_json)


@calls.command("show")
def calls_show(
    call: Call,
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """One call: what was said, every score with the words it rests on, and which of them counts."""
    from connector.cli.screens.talks import call as screen
    from connector.pipeline.talks.shown import shown

    with benches(config, account, language) as opened:
        bench = only(opened)
        screen.show_call(shown(bench, call), bench.zone(), speaks(opened, language), as_json=as_json)


@calls.command("sample")
def calls_sample(
    config: Config = None,
    account: Account = None,
    week: Week = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Of the draw; default: of account and week.")] = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """Draw a week's calls for people to score, or show what was drawn: of each person some of every sort."""
    from connector.cli.screens.talks import people as screen
    from connector.pipeline.talks.people_scoring import sample

    with benches(config, account, language) as opened:
        screen.show_drawn(
            [one for bench in opened for one in sample(bench, week, seed=seed)],
            speaks(opened, language),
            as_json=as_json,
        )


@calls.command("waiting")
def calls_waiting(
    config: Config = None,
    account: Account = None,
    rater: Rater = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """What is drawn and not scored yet, of one person or of all."""
    from connector.cli.screens.talks import people as screen
    from connector.pipeline.talks.people_scoring import drawn

    with benches(config, account, language) as opened:
        screen.show_drawn(
            [one for bench in opened for one in drawn(bench, rater=person(bench, rater))],
            speaks(opened, language),
            as_json=as_json,
        )


@calls.command("form")
def calls_form(
    call: Call,
    rater: Annotated[str, typer.Option("--rater", help="Who scores, by id, name or a part of it.")],
    config: Config = None,
    account: Account = None,
) -> None:
    """The questions about a call as JSON, to be filled in and handed to `kpi calls answer`."""
    from connector.cli.screens.talks import people as screen
    from connector.pipeline.talks.people_scoring import form

    with benches(config, account) as opened:
        bench = only(opened)
        screen.show_form(form(bench, call, person(bench, rater)))


@calls.command("answer")
def calls_answer(
    call: Call,
    file: Annotated[Path, typer.Argument(help="JSON: { criterion: yes | no | not_applicable }.")],
    rater: Annotated[str, typer.Option("--rater", help="Who scored, by id, name or a part of it.")],
    config: Config = None,
    account: Account = None,
) -> None:
    """Take a person's answers about a call that he was asked to score; KPIs follow at once."""
    from connector.cli.screens.talks.people import answers_of
    from connector.pipeline.talks.people_scoring import submit

    with benches(config, account) as opened:
        bench = only(opened)
        who = person(bench, rater)
        score = submit(bench, call, who, answers_of(read(file)))
        typer.echo(spoken.of(bench, "scored", call=call, rater=who, n=len(score.found)))


@calls.command("agreement")
def calls_agreement(
    config: Config = None, account: Account = None, language: InLanguage = None, as_json: AsJson = False
) -> None:
    """How far programs agree with people, and people with one another; what is muted in KPIs for it."""
    from connector.cli.screens.talks import agreement as screen
    from connector.pipeline.talks.agreeing import agreement_of

    with benches(config, account, language) as opened:
        screen.show_agreement([agreement_of(bench) for bench in opened], speaks(opened, language), as_json=as_json)


@calls.command("learning")
def calls_learning(
    config: Config = None, account: Account = None, language: InLanguage = None, as_json: AsJson = False
) -> None:
    """Of each training whether the technique is used more since, beside untrained colleagues (K-12)."""
    from connector.cli.screens.talks import learning as screen
    from connector.pipeline.talks.learning import learned

    with benches(config, account, language) as opened:
        screen.show_learned([learned(bench) for bench in opened], speaks(opened, language), as_json=as_json)
