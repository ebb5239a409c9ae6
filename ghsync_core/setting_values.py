"""One value of one setting: where it may come from as text, which type it must have, and how far it may go."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ghsync_core.errors import SettingsError
from ghsync_core.interfaces import Setting
from ghsync_core.models import Json

PREFIX: Final = "GHSYNC"

_WORDS: Final[Mapping[type, str]] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    list: "a list of texts",
}
_TRUE: Final = frozenset({"1", "true", "yes", "on"})
_FALSE: Final = frozenset({"0", "false", "no", "off"})


@dataclass(frozen=True, slots=True)
class MaxDelete:
    """How many stored files a run may delete: ``number`` files or, where ``percent``, that share of them."""

    number: int
    percent: bool = False

    def limit(self, stored: int) -> int:
        """The number of files, of *stored* ones, that may go."""
        return stored * self.number // 100 if self.percent else self.number

    def __str__(self) -> str:
        return f"{self.number}%" if self.percent else str(self.number)


def parse_max_delete(value: int | str | MaxDelete, where: str = "max_delete") -> MaxDelete:
    """*value* as a limit: a number of files, or a share of them as in ``"30%"``.

    Raises `SettingsError`, which begins with *where*.
    """
    if isinstance(value, MaxDelete):
        return value
    text = str(value).strip()
    digits = text.removesuffix("%").rstrip()
    percent = text.endswith("%")
    # Nine digits are more files than any repository has; int() refuses texts of thousands.
    known = not isinstance(value, bool) and digits.isascii() and digits.isdigit() and len(digits) < 10
    if not known or (percent and int(digits) > 100):
        raise SettingsError(f"{where} must be a number of files, or a share of them such as 30%, not {value!r}")
    return MaxDelete(int(digits), percent)


def environment_name(setting: Setting) -> str:
    """The environment variable that holds *setting*, such as ``GHSYNC_CSV_DELIMITER``."""
    parts = (PREFIX, setting.table, setting.name) if setting.table else (PREFIX, setting.name)
    return "_".join(parts).upper().replace("-", "_")


def from_environment(setting: Setting, environ: Mapping[str, str]) -> Json:
    """The value that the environment gives to *setting*, or None; an empty variable is unset.

    A list is written with commas between its items. Raises `SettingsError`.
    """
    variable = environment_name(setting)
    text = environ.get(variable, "").strip()
    if not text:
        return None
    return checked(setting, _from_text(setting.type, text), f"environment variable {variable}")


def _from_text(wanted: type, text: str) -> Json:
    """*text* as the *wanted* type where it can be read as one, else as it is: `checked` then says what is wrong."""
    if wanted is list:
        return [item.strip() for item in text.split(",") if item.strip()]
    if wanted is bool:
        folded = text.lower()
        return True if folded in _TRUE else False if folded in _FALSE else text
    if wanted in (int, float):
        try:
            return wanted(text)
        except ValueError:
            return text
    return text


def checked(setting: Setting, value: Json, where: str) -> Json:
    """*value* where it is of the setting's type, the default where it is None.

    A list becomes a tuple, so that threads may share it.

    Raises `SettingsError`, which begins with *where*.
    """
    if value is None:
        return tuple(setting.default) if setting.type is list else setting.default
    if not _is_of(setting.type, value):
        raise SettingsError(f"{where} must be {_WORDS[setting.type]}, not {value!r}")
    return tuple(value) if setting.type is list else value


def _is_of(wanted: type, value: Json) -> bool:
    if wanted is list:
        return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
    if wanted is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)
    return isinstance(value, wanted) and isinstance(value, bool) == (wanted is bool)


def within(value: float, bounds: tuple[float, float], where: str) -> None:
    """Raise `SettingsError` where *value* lies outside of *bounds*, both of which are allowed."""
    least, most = bounds
    if least <= value <= most:
        return
    wanted = f"at least {least}" if math.isinf(most) else f"from {least} to {most}"
    raise SettingsError(f"{where} must be {wanted}, not {value}")


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """The sentence that says that *name* is no known *what*, with the nearest known name."""
    from difflib import get_close_matches

    names = sorted(set(known))
    nearest = get_close_matches(name.lower(), names, 1)
    if nearest:
        return f"there is no {what} {name!r}; did you mean {nearest[0]!r}?"
    return f"there is no {what} {name!r}; known: {', '.join(names) or 'none'}"
