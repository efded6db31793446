"""Every setting, in one place, with where each value came from.

Order of precedence: arguments, ``OMICSTOKEN_*`` in the environment, ``omicstoken.toml`` in the
workspace, ``omicstoken.toml`` in the user's configuration folder, the default.
"""

from __future__ import annotations

import getpass
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

import platformdirs
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from omicstoken_kernel.errors import SettingsError

__all__ = ["Setting", "Settings", "explain_settings", "load_settings"]

_Kind = TypeVar("_Kind", bound="Settings")

_PREFIX = "OMICSTOKEN_"
_FILE_NAME = "omicstoken.toml"


def _default_home() -> Path:
    return Path(platformdirs.user_data_dir("omicstoken", appauthor=False))


def _default_models() -> Path:
    return Path(platformdirs.user_cache_dir("omicstoken", appauthor=False)) / "models"


def _default_user() -> str:
    try:
        return os.environ.get("JUPYTERHUB_USER") or getpass.getuser()
    except (OSError, KeyError, ImportError) as error:
        # A container may run under a number that no name belongs to.
        msg = "The system does not say which user this is."
        raise SettingsError(msg, "Set OMICSTOKEN_USER.") from error


class Settings(BaseSettings):
    """The settings of one process.

    Made once at the edge by :func:`load_settings` and handed down inside a ``Context``.
    """

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="forbid", frozen=True)

    home: Path = Field(
        default_factory=_default_home,
        description="The workspace folder: database, uploaded files, index, reports.",
    )
    database_url: str = Field(
        default="",
        description="Where the database is; empty means SQLite in the workspace. PostgreSQL by "
        "postgresql+psycopg://user:password@host/name.",
    )
    user: str = Field(
        default_factory=_default_user,
        min_length=1,
        description="The owner of what is uploaded; default JupyterHub's user, else the system's.",
    )
    embedder: Literal[
        "auto",
        "esm2",
        "ligand",
        "anchor",
        "esm2-35m",
        "esm2-150m",
        "esm2-650m",
        "esm2-3b",
        "esm2-15b",
    ] = Field(
        default="auto",
        description="The model that search, maps and exports use unless told otherwise.",
    )
    models: Path = Field(
        default_factory=_default_models,
        description="The folder of model weights, shared by all workspaces.",
    )
    models_url: str = Field(
        default="https://dl.fbaipublicfiles.com/fair-esm/models/",
        description="The address below which 'models fetch' finds fair-esm's files.",
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = Field(
        default="auto",
        description="Where models compute; auto takes an NVIDIA GPU (cuda), else Apple's (mps), "
        "else the processor.",
    )
    realdata: Path = Field(
        default=Path("../shared/realdata"),
        description="Real result files for the tests marked 'real'.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="WARNING", description="The least severe log lines that are written, to stderr."
    )
    log_format: Literal["console", "json"] = Field(
        default="console", description="How log lines are written: for people or for programs."
    )

    @field_validator("home", "models", "realdata")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take values from arguments only; :func:`load_settings` merges the other sources."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)

    @property
    def resolved_database_url(self) -> str:
        """The database's address, with the default filled in."""
        return self.database_url or f"sqlite:///{self.home / 'omicstoken.sqlite'}"

    def override(self, **changes: object) -> Self:
        """Return these settings with some values changed and checked.

        Raises
        ------
        SettingsError
            If there is no such setting, or a value is not allowed.
        """
        values = {**self.model_dump(), **changes}
        return _checked(type(self), values, dict.fromkeys(changes, "argument"))


@dataclass(frozen=True)
class Setting:
    """One setting as ``omicstoken config`` shows it."""

    name: str
    value: str
    source: str
    meaning: str


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        msg = f"The settings file {path} cannot be read: {error.strerror}."
        raise SettingsError(msg, "Check its permissions, or remove it.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"The settings file {path} is not valid TOML: {error}."
        raise SettingsError(msg, "Correct the file, or remove it to use the defaults.") from error


def _merge(arguments: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the values of all sources, strongest last, and the source of each."""
    environment = {
        name: os.environ[_PREFIX + name.upper()]
        for name in Settings.model_fields
        if os.environ.get(_PREFIX + name.upper())
    }
    user_file = Path(platformdirs.user_config_dir("omicstoken", appauthor=False)) / _FILE_NAME
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}

    def take(found: dict[str, Any], source: str) -> None:
        values.update(found)
        sources.update(dict.fromkeys(found, source))

    take(_read_toml(user_file), str(user_file))
    # The workspace must be known before its own file can be read, so that file cannot move it.
    given = arguments.get("home") or environment.get("home") or values.get("home")
    home = Path(str(given)) if given else _default_home()
    workspace_file = home.expanduser() / _FILE_NAME
    workspace = _read_toml(workspace_file)
    if "home" in workspace:
        msg = f"The settings file {workspace_file} sets 'home', which is the folder it lies in."
        raise SettingsError(msg, "Remove that line; set OMICSTOKEN_HOME or use --home instead.")
    take(workspace, str(workspace_file))
    take(environment, "environment")
    take({name: value for name, value in arguments.items() if value is not None}, "argument")
    return values, sources


def load_settings(**arguments: object) -> Settings:
    """Return the settings of this process.

    Parameters
    ----------
    **arguments
        Values that win over every other source; None means "not given".

    Raises
    ------
    SettingsError
        If a source names an unknown setting or a value that is not allowed.
    """
    return _checked(Settings, *_merge(dict(arguments)))


def _checked(kind: type[_Kind], values: dict[str, Any], sources: dict[str, str]) -> _Kind:
    """Return settings made of values, or say which of them is wrong and where it comes from."""
    try:
        return kind(**values)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        if first["type"] == "extra_forbidden":
            msg = f"There is no setting '{name}' (found in: {sources.get(name, 'argument')})."
            raise SettingsError(
                msg, f"Settings are: {', '.join(Settings.model_fields)}."
            ) from error
        found = f"found {_redact(repr(first['input']))} in: {sources.get(name, 'default')}"
        msg = f"The setting '{name}' cannot have this value ({found}): {first['msg']}."
        raise SettingsError(
            msg, "See 'omicstoken config' for every setting and its meaning."
        ) from error


def explain_settings(**arguments: object) -> list[Setting]:
    """Return every setting with its value, where the value came from, and what it means."""
    settings = load_settings(**arguments)
    _, sources = _merge(dict(arguments))
    return [
        Setting(
            name=_PREFIX + name.upper(),
            value=_redact(str(getattr(settings, name))),
            source=sources.get(name, "default"),
            meaning=field.description or "",
        )
        for name, field in Settings.model_fields.items()
    ]


def _redact(value: str) -> str:
    """Hide the password of a database address; of one that is none, all that could be one."""
    if "://" not in value:
        return value
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(value).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return f"{value.partition('://')[0]}://***"
