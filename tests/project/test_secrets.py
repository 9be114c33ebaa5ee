"""Secrets that are set must be secrets; none is ever written out."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from relgraph.errors import SettingsError
from relgraph.settings import (
    SHORTEST_TOKEN,
    Settings,
    _is_secret,
    load_settings,
    refuse_open_service,
)
from tests.support.commands import relgraph

SECRETS = [name for name in Settings.model_fields if _is_secret(name)]
LONG = "a" * SHORTEST_TOKEN


def test_secrets_are_known_by_their_type() -> None:
    assert {"token", "database_password"} <= set(SECRETS)


@pytest.mark.parametrize("value", ["", "   "], ids=["empty", "blank"])
@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("way", ["option", "environment", "file"])
def test_an_empty_secret_is_refused(
    way: str, name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = f"RELGRAPH_{name.upper()}"
    options: dict[str, str] = {}
    if way == "option":
        options[name] = value
    elif way == "environment":
        monkeypatch.setenv(variable, value)
    else:
        (tmp_path / "relgraph.toml").write_text(f'{name} = "{value}"\n', "utf-8")
        monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match=f"{variable} is empty: set it to a secret, or unset"):
        load_settings(**options)


@pytest.mark.parametrize("value", ["quite-short-one", f" {'b' * 15} "])
def test_a_short_token_is_refused_and_not_written_out(value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(token=value)
    text = str(refused.value)
    assert f"RELGRAPH_TOKEN is {len(value)} characters long: use 16 characters or more" in text
    assert value.strip() not in text


@pytest.mark.parametrize("value", [f"{LONG}\n", f" {LONG}", f"{LONG}é", f"{LONG}\x07{LONG}"])
def test_a_token_that_no_header_can_carry_is_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="ASCII") as refused:
        load_settings(token=value)
    assert LONG not in str(refused.value)


def test_a_long_token_is_taken() -> None:
    token = load_settings(token=LONG).token
    assert token is not None and token.get_secret_value() == LONG
    assert load_settings(token=SecretStr(f"{LONG} {LONG}")).token is not None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.0.2.1"])
def test_nothing_but_this_machine_without_a_token(host: str) -> None:
    with pytest.raises(SettingsError, match="RELGRAPH_TOKEN"):
        refuse_open_service(load_settings(host=host))
    refuse_open_service(load_settings(host=host, token=LONG))


@pytest.mark.parametrize("words", [["serve"], ["demo"]], ids=" ".join)
@pytest.mark.parametrize("more", [{}, {"RELGRAPH_TOKEN": ""}], ids=["unset", "empty"])
def test_no_command_opens_the_service(
    words: list[str], more: dict[str, str], tmp_path: Path
) -> None:
    done = relgraph(*words, cwd=tmp_path, RELGRAPH_HOST="0.0.0.0", **more)
    assert done.returncode == 1 and "RELGRAPH_TOKEN" in done.stderr, done.stdout
    assert list(tmp_path.iterdir()) == []
