"""What of an address may be shown."""

from __future__ import annotations

import pytest

from ghsync_core import UsageError, addresses
from ghsync_plugins.backends.postgres.address import Address


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("sqlite:notes/a@b.db", "sqlite:notes/a@b.db"),
        ("postgresql://host:1/db?sslmode=require", "postgresql://host:1/db?sslmode=require"),
        ("postgresql://me:sesame@host/db", "postgresql://…@host/db"),
        ("postgresql://me:ses/a@me@host/db", "postgresql://…@host/db"),
        (
            "postgresql:///db?user=me&password=sesame&SSLPassword=sesame",
            "postgresql:///db?user=me&password=…&SSLPassword=…",
        ),
        ("https://host/x?access_token=sesame", "https://host/x?access_token=…"),
    ],
)
def test_an_address_is_shown_without_what_may_be_secret(address: str, shown: str) -> None:
    assert addresses.shown(address) == shown


@pytest.mark.parametrize("url", ["postgresql://me:ses/ame@host/db", "postgresql://me:sesame/x@host/db"])
def test_a_password_with_a_bare_slash_is_taken_for_no_port(url: str) -> None:
    with pytest.raises(UsageError, match="%-escapes") as raised:
        Address.of(url, None)
    assert "ses" not in str(raised.value).replace("URL's", "")
