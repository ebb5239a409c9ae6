"""The way to the server: is it there, new enough and open to us; and what its errors mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ghsync_core import PluginError, StoreError
from ghsync_plugins.backends.neo4j.address import PASSWORD, Address

if TYPE_CHECKING:
    import neo4j

OLDEST: Final = 5
"""The first major version with the index and constraint syntax, and the subqueries, that are used here."""

DYNAMIC: Final = (5, 26)
"""The first version that takes types of relationships as values."""

RETRY_SECONDS: Final = 15.0
"""How long a transaction that a deadlock or a change of leader ended is tried again."""

CONNECT_SECONDS: Final = 10.0
Result = TypeVar("Result")
Row = Mapping[str, Any]


class Connection:
    """A pool of connections to one database. May be used by several threads."""

    def __init__(self, address: Address) -> None:
        self.address = address
        neo4j = _library()
        with explained(address):
            self.driver = neo4j.GraphDatabase.driver(
                address.uri,
                auth=address.authentication,
                user_agent="ghsync",
                connection_timeout=CONNECT_SECONDS,
                connection_acquisition_timeout=2 * CONNECT_SECONDS,
                max_transaction_retry_time=RETRY_SECONDS,
                liveness_check_timeout=60.0,  # a proxy may have cut a connection that lay idle
                notifications_min_severity="OFF",
            )
            try:
                # Asked for first, since a transaction on a server that is away is tried again and again.
                self.driver.verify_connectivity()
                self.dynamic_types = check_version(self.driver.get_server_info().agent, address) >= DYNAMIC
                self.read("RETURN 1")
            except BaseException:
                self.driver.close()
                raise

    def session(self, **options: Any) -> neo4j.Session:
        """A session on the database."""
        session: neo4j.Session = self.driver.session(database=self.address.database, **options)
        return session

    def write(self, work: Callable[[neo4j.ManagedTransaction], Result]) -> Result:
        """What *work* returns, which all happens or nothing; it is done again after a deadlock."""
        with explained(self.address), self.session() as session:
            return session.execute_write(work)

    def read(self, statement: str, **parameters: Any) -> list[Row]:
        """All rows of a small answer."""
        with explained(self.address), self.session(default_access_mode="READ") as session:
            return session.execute_read(lambda work: rows(work, statement, **parameters))

    def stream(self, statement: str, **parameters: Any) -> Iterator[Row]:
        """The rows of an answer of any size, as they are wanted."""
        with explained(self.address), self.session(default_access_mode="READ") as session:
            yield from session.run(statement, parameters)

    def close(self) -> None:
        """Close all connections."""
        self.driver.close()


def rows(work: neo4j.ManagedTransaction | neo4j.Transaction, statement: str, **parameters: Any) -> list[Row]:
    """All rows that *statement* gives inside the transaction *work*."""
    return list(work.run(statement, parameters))


def _library() -> Any:
    try:
        import neo4j
    except ModuleNotFoundError:
        raise PluginError("Neo4j needs its driver, which is not installed: pip install 'ghsync[neo4j]'") from None
    return neo4j


def check_version(agent: str, address: Address) -> tuple[int, int]:
    """The version in *agent*, which reads like ``Neo4j/5.26.3`` or ``Neo4j/2025.01.0``; the oldest where it has none.

    Raises `StoreError` where it is too old.
    """
    found = re.match(r"Neo4j/v?(\d{1,6})\.(\d{1,6})", agent)
    version = (int(found[1]), int(found[2])) if found else (OLDEST, 0)
    if version[0] < OLDEST:
        raise StoreError(f"{address} is {agent.replace('/', ' ')}; ghsync needs Neo4j {OLDEST} or newer.")
    return version


_ADVICE: Final = {
    "Security.Unauthorized": f"user or password is wrong. Set {PASSWORD}, and the user by neo4j://USER@HOST.",
    "Security.AuthenticationRateLimit": "too many wrong passwords; wait some seconds, then set the right one.",
    "Security.Forbidden": "the user has not the right to do this. A sync needs to write, and to make indexes.",
    "Security.CredentialsExpired": "the password must be changed first, as after an installation.",
    "Database.DatabaseNotFound": "there is no such database. Name another: neo4j://HOST:PORT/DATABASE.",
    "Cluster.NotALeader": "this member of the cluster can't write. Use neo4j:// and not bolt://.",
    "General.ReadOnly": "the database can't be written to.",
    "General.WriteOnReadOnlyAccessDatabase": "the database can't be written to.",
    "General.MemoryPoolOutOfMemoryError": "the server has too little memory: raise dbms.memory.transaction.total.max.",
    "Transaction.TransactionTimedOut": "it took longer than the server allows: raise db.transaction.timeout.",
}
"""What to do about an error, by the last two parts of Neo4j's code for it."""


@contextmanager
def explained(address: Address) -> Iterator[None]:
    """Turn the driver's errors into a `StoreError` that says which database, what happened and what to do."""
    from neo4j import exceptions

    try:
        yield
    except (exceptions.Neo4jError, exceptions.DriverError) as error:
        raise StoreError(f"{address}: {_advice(error)}") from error


def _advice(error: Exception) -> str:
    from neo4j import exceptions

    code = (getattr(error, "code", None) or "").removeprefix("Neo.")
    _, _, short = code.partition(".")
    if short in _ADVICE:
        return _ADVICE[short]
    if short == "Schema.ConstraintValidationFailed":
        return (
            f"a constraint that is not ghsync's forbids its nodes: {first_line(error)}. "
            "Drop the constraint, or name another database."
        )
    if isinstance(error, exceptions.ConfigurationError | exceptions.AuthError):
        return f"it can't be used: {first_line(error)}"
    if isinstance(error, exceptions.DriverError):
        return "the server does not answer. Start it or mend the address, then run again; what was stored stays stored."
    return f"Neo4j says: {first_line(error)}"


def first_line(error: Exception) -> str:
    """The server's own words, in one line and without a full stop."""
    text = str(getattr(error, "message", None) or error).strip()
    return text.splitlines()[0].rstrip(".") if text else type(error).__name__
