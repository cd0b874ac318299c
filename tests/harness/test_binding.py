"""A target is found before any of its code runs, or refused with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursegate.harness.targets.binding import Binding, TargetError, locate

MANAGE = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "somebody's checkout"
    for file, text in {
        "manage.py": MANAGE,
        "shop/settings.py": "raise RuntimeError",
        "courses/models.py": "",
    }.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text)
    return root


def test_settings_are_read_from_manage_py(checkout: Path) -> None:
    """The settings module is the one manage.py names; nothing is imported to find it."""
    assert locate(checkout).settings == "shop.settings"


@pytest.mark.parametrize("beside", ["manage.py", "shop"])
def test_sources_may_stand_in_a_folder_of_their_own(tmp_path: Path, beside: str) -> None:
    """Below manage.py the app, or all of the backend, may stand in `src`: it is found, and imported from, there."""
    root = tmp_path / "checkout"
    settings = root / ("src" if beside == "manage.py" else "") / "shop" / "settings.py"
    for file, text in {
        root / "manage.py": MANAGE,
        settings: "",
        root / "src" / "courses" / "models.py": "",
    }.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    binding = locate(root)

    assert binding.sources == root / "src"
    # Where the settings are found without it, it is theirs to say so.
    assert binding.roots == ((root, root / "src") if beside == "manage.py" else (root,))


def test_path_of_the_shell_stays_behind_its_own(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that run the backend find what the shell has put on the path, after the backend itself."""
    monkeypatch.setenv("PYTHONPATH", "/opt/house-style")

    assert locate(checkout).python_path == f"{checkout}:/opt/house-style"


def test_given_settings_win(checkout: Path) -> None:
    """A settings module that is named is used instead."""
    (checkout / "shop" / "test_settings.py").touch()

    named = locate(checkout, "shop.test_settings")

    assert named.settings == "shop.test_settings"
    assert named.options.endswith(" --settings=shop.test_settings")
    assert "--settings" not in locate(checkout).options


@pytest.mark.parametrize(
    ("gone", "complaint"),
    [
        ("manage.py", "has no manage.py"),
        ("courses/models.py", "has no `courses` app"),
        ("shop/settings.py", "is not in"),
    ],
)
def test_what_is_no_backend_is_refused(checkout: Path, gone: str, complaint: str) -> None:
    """A folder without manage.py, courses app or settings module is refused, saying which."""
    (checkout / gone).unlink()

    with pytest.raises(TargetError, match=complaint):
        locate(checkout)


def test_folder_above_the_backend_gets_a_hint(checkout: Path) -> None:
    """Pointing one level too high is answered with the folder that was meant."""
    with pytest.raises(TargetError, match="Did you mean --target="):
        locate(checkout.parent)


def test_missing_folder_is_refused(tmp_path: Path) -> None:
    """A path that does not exist is refused as such."""
    with pytest.raises(TargetError, match="there is no such folder"):
        locate(tmp_path / "nowhere")


def test_environment_inside_the_checkout_is_not_its_code(checkout: Path) -> None:
    """A library in a virtual environment below the checkout is not the backend's own code."""
    binding = locate(checkout)

    assert binding.owns(str(checkout / "courses" / "models.py"))
    assert not binding.owns(str(checkout.parent / "elsewhere" / "models.py"))
    assert not binding.owns(str(checkout / "venv" / "lib" / "site-packages" / "django" / "apps.py"))


def test_checkout_inside_an_environment_is_its_own_code(tmp_path: Path) -> None:
    """A backend that is itself installed below a site-packages folder still owns its files."""
    root = tmp_path / "site-packages" / "backend"

    assert Binding(root, "shop.settings").owns(str(root / "courses" / "models.py"))
