"""Settings: where each value comes from, and what is said of a wrong one."""

import getpass
from pathlib import Path

import platformdirs
import pytest

from omicstoken_kernel.errors import SettingsError
from omicstoken_kernel.settings import Settings, explain_settings, load_settings


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """No setting from anywhere; returns the workspace the settings will name."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"OMICSTOKEN_{name.upper()}", raising=False)
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    return Path(platformdirs.user_data_dir("omicstoken", appauthor=False))


@pytest.fixture
def user_file(bare):
    """The function that writes the user's settings file."""

    def write(text):
        folder = Path(platformdirs.user_config_dir("omicstoken", appauthor=False))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "omicstoken.toml").write_text(text)

    return write


def source_of(name, **arguments):
    return {row.name: row for row in explain_settings(**arguments)}[f"OMICSTOKEN_{name.upper()}"]


def test_without_any_source_the_defaults_hold(bare):
    settings = load_settings()
    assert settings.home == bare
    assert settings.database_url == ""
    assert settings.resolved_database_url == f"sqlite:///{bare / 'omicstoken.sqlite'}"
    assert settings.user == getpass.getuser()
    assert settings.embedder == "auto"
    assert {row.source for row in explain_settings()} == {"default"}


def test_each_source_wins_over_the_one_before(bare, user_file, tmp_path, monkeypatch):
    home = tmp_path / "workspace"
    home.mkdir()
    user_file('user = "of the user file"\n')
    assert load_settings(home=home).user == "of the user file"
    (home / "omicstoken.toml").write_text('user = "of the workspace"\n')
    assert load_settings(home=home).user == "of the workspace"
    assert source_of("user", home=home).source == str(home / "omicstoken.toml")
    monkeypatch.setenv("OMICSTOKEN_USER", "of the environment")
    assert load_settings(home=home).user == "of the environment"
    assert source_of("user", home=home).source == "environment"
    assert load_settings(home=home, user="of the call").user == "of the call"
    assert source_of("user", home=home, user="of the call").source == "argument"


def test_the_workspace_itself_can_come_from_the_users_file(bare, user_file, tmp_path):
    user_file(f'home = "{tmp_path / "elsewhere"}"\n')
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "omicstoken.toml").write_text('embedder = "anchor"\n')
    settings = load_settings()
    assert settings.home == tmp_path / "elsewhere"
    assert settings.embedder == "anchor"


def test_none_and_an_empty_variable_mean_not_given(bare, monkeypatch):
    monkeypatch.setenv("OMICSTOKEN_EMBEDDER", "")
    assert load_settings(home=None, embedder=None).embedder == "auto"


def test_jupyterhub_names_the_owner(bare, monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_USER", "ana")
    assert load_settings().user == "ana"
    monkeypatch.setenv("OMICSTOKEN_USER", "bob")
    assert load_settings().user == "bob"


@pytest.mark.parametrize("error", [KeyError("uid"), OSError("no user"), ImportError("pwd")])
def test_a_nameless_user_is_asked_to_say_who_they_are(bare, monkeypatch, error):
    def nobody():
        raise error

    monkeypatch.setattr(getpass, "getuser", nobody)
    with pytest.raises(SettingsError, match="OMICSTOKEN_USER"):
        load_settings()
    assert load_settings(user="ana").user == "ana"


def test_paths_are_absolute_and_know_the_home_folder(bare, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    settings = load_settings(home="work", models="~/models")
    assert settings.home == tmp_path / "work"
    assert settings.models == tmp_path / "me" / "models"
    assert settings.realdata.is_absolute()


def test_an_unknown_setting_is_named_with_its_source(bare, tmp_path):
    (tmp_path / "omicstoken.toml").write_text('colour = "red"\n')
    with pytest.raises(SettingsError, match="'colour'") as caught:
        load_settings(home=tmp_path)
    assert str(tmp_path / "omicstoken.toml") in caught.value.message
    assert "embedder" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "value"),
    [("embedder", "esm3"), ("log_level", "LOUD"), ("log_format", "xml"), ("user", ""), ("home", 3)],
)
def test_a_value_that_is_not_allowed_is_named_with_setting_and_source(bare, name, value):
    with pytest.raises(SettingsError) as caught:
        load_settings(**{name: value})
    assert f"'{name}'" in caught.value.message
    assert repr(value) in caught.value.message
    assert "argument" in caught.value.message


def test_a_file_that_is_no_toml_is_named(bare, tmp_path):
    (tmp_path / "omicstoken.toml").write_text("embedder = \n")
    with pytest.raises(SettingsError, match=r"omicstoken\.toml is not valid TOML"):
        load_settings(home=tmp_path)
    (tmp_path / "omicstoken.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="not valid TOML"):
        load_settings(home=tmp_path)


def test_a_settings_file_that_is_a_folder_is_named(bare, tmp_path):
    (tmp_path / "omicstoken.toml").mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(home=tmp_path)


def test_a_workspaces_own_file_cannot_move_it(bare, tmp_path):
    (tmp_path / "omicstoken.toml").write_text('home = "/elsewhere"\n')
    with pytest.raises(SettingsError, match="sets 'home'"):
        load_settings(home=tmp_path)


def test_a_workspace_below_a_file_has_no_settings_of_its_own(bare, tmp_path):
    (tmp_path / "file").write_text("")
    assert load_settings(home=tmp_path / "file" / "below").embedder == "auto"


def test_override_changes_some_values_and_checks_them(bare, tmp_path):
    settings = load_settings(home=tmp_path, embedder="anchor")
    changed = settings.override(user="ana")
    assert (changed.user, changed.embedder, changed.home) == ("ana", "anchor", tmp_path)
    assert settings.user != "ana"
    with pytest.raises(SettingsError, match="'embedder'"):
        settings.override(embedder="esm3")
    with pytest.raises(SettingsError, match="'colour'"):
        settings.override(colour="red")


def test_settings_cannot_be_changed_in_place(bare):
    with pytest.raises(ValueError, match="frozen"):
        load_settings().user = "ana"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://ana:hunter2@host/name",
        "postgresql+psycopg://ana:hunter2@host:port/name",
        "://ana:hunter2@host",
        "post gres://ana:hunter2@host/name",
    ],
)
def test_no_password_is_shown(bare, url):
    shown = source_of("database_url", database_url=url).value
    assert "hunter2" not in shown
    assert shown


def test_every_setting_is_explained(bare):
    found = explain_settings()
    assert [row.name for row in found] == [
        f"OMICSTOKEN_{name.upper()}" for name in Settings.model_fields
    ]
    assert all(row.meaning.endswith(".") for row in found)
