"""The key that seals tokens, and the seal. The key never lies in the database: a backup without it is useless."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Protocol

from connector.errors import BadConfig, StoreTrouble, WrongKey

VARIABLE = "KPI_KEY"
NEW_KEY = "KPI_NEW_KEY"
"""Set for one command: the key of this database is lost for good, go on with another one."""


class StoreAddress(Protocol):
    """What of the store's settings says where the key is."""

    @property
    def url(self) -> str: ...
    @property
    def key_file(self) -> Path | None: ...


def load_key(settings: StoreAddress, environ: Mapping[str, str], begun: Callable[[], bool] = lambda: False) -> bytes:
    """The Fernet key: from KPI_KEY, else from `key_file`, else from `kpi.key` beside the SQLite file.

    A file that does not exist is made, readable by its owner alone; WrongKey where the database was `begun` with a key
    already: a new one would open nothing of it. Raises BadConfig where the key is no key or PostgreSQL leaves no place
    for it, StoreTrouble where the file can be neither read nor made.
    """
    if given := environ.get(VARIABLE, "").strip():
        return _checked(given.encode("utf-8", "replace"), f"the environment variable {VARIABLE}")
    path = settings.key_file or _beside(settings.url)
    try:
        if not path.exists():
            if begun() and not environ.get(NEW_KEY):
                raise _lost(path)
            _make(path)
        return _checked(path.read_bytes().strip(), f"the key file {path}")
    except OSError as error:
        raise StoreTrouble(
            f"the key file cannot be read or made ({error.strerror or error})",
            where=str(path),
            done="nothing was sealed or opened",
            todo=f"give this user access to it, or set {VARIABLE}",
        ) from error


def seal(key: bytes, plain: bytes) -> str:
    """The bytes encrypted and signed, as text."""
    from cryptography.fernet import Fernet  # a tenth of a second: not for who seals nothing

    return Fernet(key).encrypt(plain).decode("ascii")


def unseal(key: bytes, sealed: str, *, where: str) -> bytes:
    """What was sealed; WrongKey in words where this key did not seal it (Fernet's own error is empty)."""
    from cryptography.fernet import Fernet, InvalidToken

    try:
        return Fernet(key).decrypt(sealed.encode("ascii", "replace"))
    except InvalidToken:
        raise WrongKey(
            "this is the wrong key for this database: it cannot open the stored tokens",
            where=where,
            done="nothing was changed",
            todo=f"bring back the key it was made with ({VARIABLE}, store.key_file or kpi.key), "
            "or connect the account again",
        ) from None


def _beside(url: str) -> Path:
    if not url.startswith("sqlite:///"):
        raise BadConfig([f"store.key_file: PostgreSQL needs a key file, or the key in {VARIABLE}"])
    return Path(url.removeprefix("sqlite:///").partition("?")[0]).parent / "kpi.key"


def _checked(key: bytes, source: str) -> bytes:
    try:
        whole = len(base64.urlsafe_b64decode(key)) == 32
    except ValueError:
        whole = False
    if not whole:
        raise BadConfig([f"{source} holds no key: 32 bytes in URL-safe base64 are expected"])
    return key


def _lost(path: Path) -> WrongKey:
    return WrongKey(
        "the key of this database is not there",
        where=str(path),
        done="no new one was made",
        todo=f"put the key that you kept there, or into {VARIABLE}; if it is lost for good, one command with "
        f"{NEW_KEY}=1 makes a new one: accounts connected by OAuth are then connected again, who was erased "
        "comes back with the next reading, and phones read before match nobody",
    )


def _make(path: Path) -> None:
    """All of the key or nothing appears at `path`; of two processes that make it at once one wins for both."""
    with NamedTemporaryFile(dir=path.parent, prefix=".kpi-key-") as draft:  # mode 0600 from its first moment
        draft.write(base64.urlsafe_b64encode(os.urandom(32)) + b"\n")
        draft.flush()
        os.fsync(draft.fileno())
        try:
            os.link(draft.name, path)
        except FileExistsError:
            return
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """A new file survives a power cut only once its folder is on the disk too."""
    if os.name != "nt":  # Windows has no such call and needs none
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
