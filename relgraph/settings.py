"""Settings: from the environment (`RELGRAPH_…`) or a TOML file, checked once at start.

The file is `relgraph.toml` in the working directory, or the one that `RELGRAPH_SETTINGS`
names; the environment wins over it, and a command's own option wins over both.
"""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import Any, get_args

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from relgraph.environment import settings_file
from relgraph.errors import SettingsError, because
from relgraph.schema.vocabulary import Lang
from relgraph.words import Sentence
from relgraph.words.faults import Fault, Unfit

LOCAL_SCHEME = "local:"
BOLT_SCHEMES = ("neo4j://", "neo4j+s://", "neo4j+ssc://", "bolt://", "bolt+s://", "bolt+ssc://")
MOST_ROWS = 5_000
"""Rows of a page that a setting may allow."""
MOST_OPERATIONS = 10_000
"""Operations or activities of one request that a setting may allow."""
SHORTEST_TOKEN = 16
"""Characters of the token at least: fewer can be guessed."""
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})


class Settings(BaseSettings):
    """Everything that can be set from outside. See docs/settings.md."""

    model_config = SettingsConfigDict(env_prefix="RELGRAPH_", extra="ignore", frozen=True)

    database_url: str = Field(
        default="local:.relgraph",
        description="local:PATH, neo4j://host:7687 or bolt://host:7687",
    )
    database_user: str = Field(default="neo4j", description="user of a Neo4j server")
    database_password: SecretStr = Field(
        default=SecretStr(""), description="password of a Neo4j server"
    )
    database_name: str | None = Field(
        default=None, description="database on a Neo4j server; its default one if unset"
    )
    database_heap_mb: int | None = Field(
        default=None,
        ge=256,
        le=65536,
        description="heap of the local database; a quarter of the machine, 512 to 2,048, if unset",
    )
    database_java_flags: str = Field(
        default="", description="further flags of the local database's Java, with spaces between"
    )
    query_timeout_s: float = Field(
        default=20.0, gt=0, le=3600, description="longest time of one read query, in seconds"
    )
    host: str = Field(default="127.0.0.1", description="address that the service listens on")
    port: int = Field(default=8000, ge=0, le=65535, description="port of the service")
    workers: int = Field(
        default=1, ge=1, le=64, description="processes of `relgraph serve`, for that many cores"
    )
    max_connections: int = Field(
        default=512, ge=8, le=65536, description="connections of the service at once"
    )
    kept_answers_mb: int = Field(
        default=64,
        ge=0,
        le=65536,
        description="memory for answers that are sent again while nothing has changed; 0: none",
    )
    max_body_kb: int = Field(
        default=4096, ge=16, le=1_048_576, description="largest body of a request, in kB"
    )
    max_depth: int = Field(
        default=32, ge=8, le=500, description="how deep lists and objects of a request may nest"
    )
    max_page: int = Field(default=500, ge=10, le=MOST_ROWS, description="rows of a page (`limit`)")
    max_operations: int = Field(
        default=1_000,
        ge=1,
        le=MOST_OPERATIONS,
        description="operations of a batch, activities of a request",
    )
    max_paths: int = Field(default=10, ge=1, le=10, description="ways between two people (`k`)")
    max_hops: int = Field(default=6, ge=1, le=6, description="steps of a way between two people")
    allowed_hosts: str = Field(
        default="", description="further host names that requests may use, with commas between"
    )
    webhooks_inside: bool = Field(
        default=False,
        description="whether webhooks may go to addresses of the own network, and by http",
    )
    token: SecretStr | None = Field(
        default=None,
        description="needed to serve on anything but loopback; 16 characters or more",
    )
    lang: Lang | None = Field(
        default=None,
        description="language of commands, en or zh; that of the locale (LC_ALL, LANG) if unset",
    )
    actor: str = Field(default="", description="name for the change log; the user's own if unset")

    @field_validator("database_url")
    @classmethod
    def _known_scheme(cls, value: str) -> str:
        if value.startswith(LOCAL_SCHEME) and value != LOCAL_SCHEME:
            return value
        if value.startswith(BOLT_SCHEMES):
            return value
        raise Unfit("setting.database_url")

    @field_validator("*")
    @classmethod
    def _filled_secret(cls, value: Any, info: ValidationInfo) -> Any:
        """An empty secret is a mistake of whoever set it; the default says that nobody did."""
        is_default = value is cls.model_fields[info.field_name or ""].default
        if isinstance(value, SecretStr) and not (is_default or value.get_secret_value().strip()):
            raise Unfit("setting.secret_empty")
        return value

    @field_validator("token")
    @classmethod
    def _long_token(cls, value: SecretStr | None) -> SecretStr | None:
        """A header must be able to carry it, and nobody may guess it."""
        if value is None:
            return None
        text = value.get_secret_value()
        if len(text.strip()) < SHORTEST_TOKEN:
            raise Unfit("setting.token_short", count=SHORTEST_TOKEN)
        if not (text.isascii() and text.isprintable() and text == text.strip()):
            raise Unfit("setting.token_signs")
        return value

    @property
    def local_path(self) -> Path | None:
        """Directory of the local database, absolute; None if the database is a server by URL."""
        if not self.database_url.startswith(LOCAL_SCHEME):
            return None
        return Path(self.database_url.removeprefix(LOCAL_SCHEME)).expanduser().absolute()

    @property
    def who(self) -> str:
        """The name for the change log: the one that is set, or the user's of this process."""
        if self.actor:
            return self.actor
        try:
            return getpass.getuser()
        except (KeyError, OSError):  # a container's user may have no name
            return f"user {os.getuid()}" if hasattr(os, "getuid") else "unknown"

    def share(self, of: int) -> int:
        """What a worker process may have of something that all may have together; 0 of none."""
        return -(-of // self.workers)

    @property
    def loopback(self) -> bool:
        """Whether the service can be reached from this machine alone."""
        return self.host in LOOPBACK_HOSTS

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Option, then environment, then file."""
        path = settings_file()
        if path is None:
            return init_settings, env_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, path)


def refuse_open_service(settings: Settings) -> None:
    """Raise SettingsError for a service that others could reach without a token."""
    if not settings.loopback and settings.token is None:
        raise SettingsError(because("open_service", host=settings.host))


def load_settings(**options: Any) -> Settings:
    """Read the settings; options that are None are left to the environment and the file.

    Raises SettingsError that names each wrong setting, its value and what would be right.
    """
    given = {name: value for name, value in options.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        faults = tuple(_fault(fault) for fault in error.errors())
        raise SettingsError(because("settings_wrong", settings=faults)) from None
    except ValueError as error:  # a settings file that is not TOML
        why = because("settings_not_toml", file=settings_file(), reason=error)
        raise SettingsError(why) from None


def _fault(error: Any) -> Sentence:
    """A wrong setting, its value and what would be right; of a secret its length alone."""
    name = str(error["loc"][0])
    value: object = repr(error["input"])
    if _is_secret(name):
        secret = error["input"]
        text = secret.get_secret_value() if isinstance(secret, SecretStr) else str(secret)
        value = Sentence("named.setting_empty")
        if text.strip():
            value = Sentence("named.setting_length", {"count": len(text)})
    return Sentence("named.setting", {"name": name.upper(), "value": value, "wrong": Fault(error)})


def _is_secret(name: str) -> bool:
    field = Settings.model_fields.get(name)
    return field is not None and SecretStr in {field.annotation, *get_args(field.annotation)}
