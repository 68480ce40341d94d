"""No secret passes, and what a person needs does."""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Iterator

import pytest

from connector import redact as module
from connector.errors import Refused
from connector.redact import MOST_PASSING, RedactingFilter, Secrets, masking, redact, remember


@pytest.fixture(autouse=True)
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_known", Secrets())


MASKED = [
    ("https://acme.bitrix24.ru/rest/1/s3cretpath/crm.item.list", "https://acme.bitrix24.ru/rest/1/***/crm.item.list"),
    ("https://acme.bitrix24.ru/rest/api/17/s3cretpath/main", "https://acme.bitrix24.ru/rest/api/17/***/main"),
    ("GET /rest/user.get?auth=abcdef&x=1", "GET /rest/user.get?auth=***&x=1"),
    ("Authorization: Bearer eyJ0.a-b_c", "Authorization: Bearer ***"),
    ("client_secret=S3CRET&refresh_token=RT0KEN&x=token", "client_secret=***&refresh_token=***&x=token"),
    ('{"access_token": "eyJ0", "expires_in": 86400}', '{"access_token": "***", "expires_in": 86400}'),
    ("{'refresh_token': 'def502'}", "{'refresh_token': '***'}"),
    ("auth[application_token]=x y", "auth[application_token]=x y"),
    ("password = hunter22", "password = ***"),
    ("?code=def50200a1b2c3d4e5f60718&state=9", "?code=***&state=9"),
    ('{"code":"def50200a1b2c3d4e5f60718"}', '{"code":"***"}'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shown"), MASKED, ids=range(len(MASKED)))
def test_what_looks_like_a_secret_is_masked(text: str, shown: str) -> None:
    assert redact(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "answered with status code: 502",
        "exit code=3",
        '{"error":{"code":"BITRIX_REST_V3_EXCEPTION_ACCESSDENIEDEXCEPTION"}}',
        "https://acme.amocrm.ru/api/v4/leads?filter[updated_at][from]=1756717200&page=2",
        "the zipcode of 7 deals",
        "/rest/crm.item.list",
        "https://acme.amocrm.ru/oauth2/access_token: answered 503, tried again",
        "POST /oauth2/access_token : refused",
    ],
)
def test_what_a_person_needs_is_left(text: str) -> None:
    assert redact(text) == text


def test_a_known_secret_is_masked_in_every_spelling() -> None:
    remember("p@ss/w0rd+secret=")
    remember("1/hookhookhook")
    for text in ("p@ss/w0rd+secret=", "p%40ss%2Fw0rd%2Bsecret%3D", "p%40ss/w0rd%2Bsecret%3D", "hookhookhook"):
        assert redact(f"<{text}>") == "<***>"


def test_a_secret_that_begins_another_does_not_uncover_it() -> None:
    remember("abcdef")
    remember("abcdefghi")
    assert redact("abcdefghi") == "***"


def test_short_texts_are_not_remembered() -> None:
    remember("a")
    remember("")
    remember("1/x")
    assert redact("a 1/x") == "a 1/x"


def test_secrets_are_remembered_while_others_are_masked() -> None:
    """Tokens change in one thread while another writes its log."""
    failed: list[Exception] = []
    over = threading.Event()

    def mask() -> None:
        while not over.is_set():
            try:
                redact("text")
            except RuntimeError as error:
                failed.append(error)

    threads = [threading.Thread(target=mask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(1500):
        remember(f"secret-{n}")
    over.set()
    for thread in threads:
        thread.join()
    assert failed == []
    assert redact("secret-0 secret-1499") == "*** ***"


def test_of_tokens_that_follow_each_other_the_last_are_kept_and_what_is_configured_stays() -> None:
    remember("configured-once")
    remember("token-of-a-quiet-account", passing=True)
    for n in range(3 * MOST_PASSING):
        remember(f"passing-{n}", passing=True)
        remember("token-of-a-quiet-account", passing=True)  # as it is with every request that carries it
    last = f"passing-{3 * MOST_PASSING - 1}"
    assert redact(f"configured-once token-of-a-quiet-account {last} passing-0") == "*** *** *** passing-0"
    assert len(module._known.spelt) == MOST_PASSING + 1


def test_what_is_not_proven_is_masked_for_whoever_proves_it_and_no_longer() -> None:
    seen: list[str] = []
    with masking("notprovenyet", "another1"):
        other = threading.Thread(target=lambda: seen.append(redact("notprovenyet")))
        other.start()
        other.join()
        assert redact("<notprovenyet> another1") == "<***> ***"
    assert [*seen, redact("notprovenyet another1")] == ["notprovenyet", "notprovenyet another1"]


def test_the_beginning_of_a_secret_does_not_uncover_it_while_it_is_not_proven() -> None:
    remember("abcdefghi")
    with masking("abcdef"):
        assert redact("abcdefghi") == "***"


def test_an_error_that_leaves_is_masked() -> None:
    with pytest.raises(Refused) as told, masking("notprovenyet"):
        raise Refused("no notprovenyet", where="at notprovenyet", todo="ask notprovenyet")
    assert (str(told.value), told.value.args) == ("at ***: no ***; ask ***", ("no ***",))


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(RedactingFilter())
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.getLogger("tests.redact")
    logger.propagate = False
    logger.addHandler(handler)
    yield logger, stream
    logger.removeHandler(handler)


def test_arguments_exceptions_and_stacks_are_masked(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    remember("canarycanary")
    logger.warning("token %s", "canarycanary")
    try:
        raise ValueError("https://x/rest/1/canarycanary/m")
    except ValueError:
        logger.exception("failed for %s", "acme")
    logger.warning("canarycanary", stack_info=True)
    shown = stream.getvalue()
    assert "canarycanary" not in shown
    assert "failed for acme" in shown
    assert "ValueError" in shown
    assert shown.count("***") >= 3


def test_a_message_whose_arguments_do_not_fit_is_still_shown(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    remember("canarycanary")
    logger.warning("%d deals of %s", "canarycanary")
    assert stream.getvalue() == "%d deals of %s ('***',)\n"


def test_two_handlers_mask_the_same_record(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    second = io.StringIO()
    handler = logging.StreamHandler(second)
    handler.addFilter(RedactingFilter())
    logger.addHandler(handler)
    try:
        raise KeyError("password=hunter22")
    except KeyError:
        logger.exception("at %d%%", 50)
    logger.removeHandler(handler)
    for shown in (stream.getvalue(), second.getvalue()):
        assert "at 50%" in shown
        assert "KeyError" in shown
        assert "hunter22" not in shown
