"""Settings: where they come from, in which order, and what is said of a wrong one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ghsync_core.errors import SettingsError
from ghsync_core.interfaces import Setting
from ghsync_core.setting_values import MaxDelete, parse_max_delete
from ghsync_core.settings import CORE, Settings, load_settings

CSV = (
    Setting("csv", "delimiter", str, ",", "between two cells", reading=True),
    Setting("csv", "header", bool, True, "whether the first row names the columns", reading=True),
    Setting("csv", "cache", int, 10, "rows kept"),
    Setting("csv", "columns", list, ["a"], "columns read"),
)


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Writes ghsync.toml into the working directory."""
    monkeypatch.chdir(tmp_path)
    return (tmp_path / "ghsync.toml").write_text


def load(arguments: dict[str, Any] | None = None, **environ: str) -> Settings:
    return load_settings(arguments or {}, environ=environ)


def test_without_any_source_all_settings_have_their_defaults(write: Any) -> None:
    assert load() == Settings()


def test_every_core_setting_is_a_field_with_the_same_default() -> None:
    for setting in CORE:
        assert getattr(Settings(), setting.name) == setting.default


def test_the_file_gives_values_and_lists_become_tuples(write: Any) -> None:
    write('to = "sqlite:x.db"\nworkers = 3\ninclude = ["pages/"]\nonly_public = true\nmax_delete = "30%"\nwait = 2\n')
    settings = load()
    assert (settings.to, settings.workers, settings.include) == ("sqlite:x.db", 3, ("pages/",))
    assert (settings.only_public, settings.max_delete, settings.wait) == (True, MaxDelete(30, percent=True), 2)


@given(
    argument=st.none() | st.integers(1, 1000),
    variable=st.none() | st.integers(1, 1000),
    written=st.none() | st.integers(1, 1000),
)
def test_an_argument_goes_before_the_environment_before_the_file_before_the_default(
    argument: int | None, variable: int | None, written: int | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.getbasetemp() / "order.toml"
    file.write_text("" if written is None else f"workers = {written}\n")
    environ = {} if variable is None else {"GHSYNC_WORKERS": str(variable)}
    settings = load_settings({"workers": argument}, config=file, environ=environ)
    assert settings.workers == next(value for value in (argument, variable, written, 8) if value is not None)


@pytest.mark.parametrize(
    ("name", "text", "field", "expected"),
    [
        ("GHSYNC_TO", "rdf:graph.nq", "to", "rdf:graph.nq"),
        ("GHSYNC_INCLUDE", "pages/, journals/", "include", ("pages/", "journals/")),
        ("GHSYNC_ONLY_PUBLIC", "Yes", "only_public", True),
        ("GHSYNC_FULL", "0", "full", False),
        ("GHSYNC_WAIT", "1.5", "wait", 1.5),
        ("GHSYNC_MAX_DELETE", "7", "max_delete", MaxDelete(7)),
        ("GHSYNC_PLUGINS_BLOCK", "csv,rdf", "block", ("csv", "rdf")),
        ("GHSYNC_PLUGINS_LOAD", "neo4j", "plugins", ("neo4j",)),
        ("GHSYNC_WORKERS", "", "workers", 8),
    ],
)
def test_the_environment_is_read_as_the_setting_s_type(
    write: Any, name: str, text: str, field: str, expected: object
) -> None:
    assert getattr(load(**{name: text}), field) == expected


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("wokers = 3", "ghsync.toml: there is no setting 'wokers'; did you mean 'workers'?"),
        ("zzz = 3", "ghsync.toml: there is no setting 'zzz'; known: api_url, exclude,"),
        ('workers = "8"', "ghsync.toml: workers must be a whole number, not '8'"),
        ("workers = true", "ghsync.toml: workers must be a whole number, not True"),
        ("workers = 0", "ghsync.toml: workers must be from 1 to 1000, not 0"),
        ("workers = {}", "ghsync.toml: workers must be a whole number"),
        ("wait = -1", "ghsync.toml: wait must be at least 0, not -1"),
        ("wait = nan", "ghsync.toml: wait must be a number"),
        ("only_public = 0", "ghsync.toml: only_public must be true or false, not 0"),
        ('include = "pages/"', "ghsync.toml: include must be a list of texts"),
        ("include = [1]", "ghsync.toml: include must be a list of texts"),
        ('to = ""', "ghsync.toml: to must not be empty"),
        ('max_delete = "1/3"', "ghsync.toml: max_delete must be a number of files, or a share"),
        ("plugins = 3", "ghsync.toml: plugins must be a table"),
        ("[plugins]\nblok = []", "ghsync.toml, [plugins]: there is no setting 'blok'; did you mean 'block'?"),
        ('[plugins]\nblock = "csv"', "ghsync.toml: plugins.block must be a list of texts"),
        ("[source]\nlocation = 'a/b'", "ghsync.toml: source must be written as [[source]]"),
        ("[[source]]\nname = 'x'", "ghsync.toml, [[source]] 1 needs a location"),
        ("[[source]]\nlocation = 'a/b'\nworkers = 1", "ghsync.toml, [[source]] 1: there is no setting 'workers'"),
        ("[[source]]\nlocation = 'a/b'\nfull = 1", "ghsync.toml, [[source]] 1: full must be true or false"),
        ("a = \n", "ghsync.toml is no valid TOML: Invalid value (at line 1,"),
        ("a = " + "[" * 5000, "ghsync.toml is no valid TOML: nested too deep"),
    ],
)
def test_a_wrong_file_is_named_with_the_key_and_what_is_wrong(write: Any, toml: str, message: str) -> None:
    write(toml)
    with pytest.raises(SettingsError) as caught:
        load()
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"GHSYNC_WORKERS": "many"}, "environment variable GHSYNC_WORKERS must be a whole number, not 'many'"),
        ({"GHSYNC_WORKERS": "0"}, "environment variable GHSYNC_WORKERS must be from 1 to 1000"),
        ({"GHSYNC_FULL": "perhaps"}, "environment variable GHSYNC_FULL must be true or false"),
        ({"GHSYNC_MAX_DELETE": "200%"}, "environment variable GHSYNC_MAX_DELETE must be a number of files"),
    ],
)
def test_a_wrong_variable_is_named(write: Any, environ: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(**environ)
    assert str(caught.value).startswith(message)


def test_an_unknown_argument_is_refused_with_the_nearest(write: Any) -> None:
    with pytest.raises(SettingsError, match="no setting 'max_write'; did you mean 'max_writes'"):
        load({"max_write": 3})


def test_a_named_settings_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none.toml: the settings file can't be read: No such file"):
        load_settings(config=tmp_path / "none.toml", environ={})


def test_a_file_that_is_no_utf8_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_bytes(b'to = "\xff"')
    with pytest.raises(SettingsError, match="byte 6 is no UTF-8"):
        load_settings(config=file, environ={})


# --- sources --------------------------------------------------------------------------------------------------------

SOURCES = """
exclude = ["all/"]
only_public = true

[[source]]
location = "logseq/docs"
name = "docs"
exclude = ["drafts/"]

[[source]]
location = "./notes"
only_public = false
max_delete = 5
"""


def test_each_source_has_the_settings_of_all_but_for_its_own(write: Any) -> None:
    write(SOURCES)
    docs, notes = load().sources
    assert (docs.location, docs.settings.name, docs.settings.exclude) == ("logseq/docs", "docs", ("drafts/",))
    assert docs.settings.only_public
    assert (notes.settings.name, notes.settings.exclude) == (None, ("all/",))
    assert (notes.settings.only_public, notes.settings.max_delete) == (False, MaxDelete(5))


def test_arguments_and_environment_go_before_a_source_s_own_settings(write: Any) -> None:
    write(SOURCES)
    docs, notes = load({"exclude": ["mine/"]}, GHSYNC_ONLY_PUBLIC="true").sources
    assert docs.settings.exclude == notes.settings.exclude == ("mine/",)
    assert notes.settings.only_public


@pytest.mark.parametrize("asked", ["logseq/docs", "docs"])
def test_a_source_is_found_by_location_and_by_name(write: Any, asked: str) -> None:
    write(SOURCES)
    settings = load()
    assert settings.source(asked) == settings.sources[0]


def test_a_place_that_is_no_source_of_the_file_has_the_settings_of_all(write: Any) -> None:
    write(SOURCES)
    entry = load().source("other/place")
    assert (entry.location, entry.settings.exclude, entry.settings.sources) == ("other/place", ("all/",), ())


# --- plugins' tables ------------------------------------------------------------------------------------------------


def test_plugins_named_anywhere_are_all_loaded(write: Any) -> None:
    write('[plugins]\nload = ["neo4j"]\n')
    assert load({"plugins": ["csv"]}).plugins == ("neo4j", "csv")
    assert load({"plugins": ["csv"]}).with_arguments({"plugins": ["rdf"], "workers": 2}).plugins == (
        "neo4j",
        "csv",
        "rdf",
    )


def test_registered_settings_come_from_environment_file_or_default(write: Any) -> None:
    write('[csv]\ndelimiter = ";"\ncache = 5\n')
    settings = load().validated(CSV, environ={"GHSYNC_CSV_CACHE": "7"})
    assert settings.tables == {"csv": {"delimiter": ";", "header": True, "cache": 7, "columns": ("a",)}}
    assert settings.validated(CSV, environ={}) == settings


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("[cvs]\n", "ghsync.toml: there is no table or setting 'cvs'; did you mean 'csv'?"),
        ("[wokers]\n", "ghsync.toml: there is no table or setting 'wokers'; did you mean 'workers'?"),
        ('[csv]\ndelimeter = ";"\n', "ghsync.toml, [csv]: there is no setting 'delimeter'; did you mean 'delimiter'?"),
        ("[csv]\ndelimiter = 3\n", "ghsync.toml: csv.delimiter must be a text, not 3"),
        ("[csv.cache]\nrows = 3\n", "ghsync.toml: csv.cache must be a whole number"),
    ],
)
def test_a_wrong_plugin_table_is_refused_once_plugins_are_known(write: Any, toml: str, message: str) -> None:
    write(toml)
    settings = load()
    with pytest.raises(SettingsError) as caught:
        settings.validated(CSV, environ={})
    assert str(caught.value).startswith(message)


def test_the_table_of_a_plugin_that_is_not_on_is_left_alone(write: Any) -> None:
    write("[neo4j]\nanything = 1\n")
    assert load().validated((), {"neo4j": "off"}, environ={}).tables == {}


def test_reading_options_hold_just_what_changes_the_meaning_of_files(write: Any) -> None:
    write('only_public = true\nworkers = 3\n[csv]\ndelimiter = ";"\ncache = 3\n')
    options = load().validated(CSV, environ={}).reading_options(CSV)
    assert options == '{"csv.delimiter":";","csv.header":true,"only_public":true}'
    assert json.loads(options)


# --- max_delete -----------------------------------------------------------------------------------------------------


@given(st.integers(0, 999_999_999), st.integers(0, 10**9))
def test_a_number_of_files_is_the_limit_whatever_is_stored(number: int, stored: int) -> None:
    assert parse_max_delete(number).limit(stored) == parse_max_delete(str(number)).limit(stored) == number


@given(st.integers(0, 100), st.integers(0, 10**9))
def test_a_share_is_never_more_than_what_is_stored(percent: int, stored: int) -> None:
    limit = parse_max_delete(f"{percent}%").limit(stored)
    assert 0 <= limit <= stored
    assert stored * percent - 100 < limit * 100 <= stored * percent


@given(
    st.floats() | st.booleans() | st.integers(max_value=-1) | st.lists(st.integers()) | st.text("%-.,/ x1", min_size=1)
)
def test_anything_else_is_refused_with_one_short_error(value: Any) -> None:
    assume(not re.fullmatch(r"\s*1+\s*%?\s*", str(value)))
    with pytest.raises(SettingsError, match="a number of files, or a share"):
        parse_max_delete(value)
