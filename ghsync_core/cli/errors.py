"""What an error says to people, and the exit status that it has.

====  ==============================================================
0     everything is stored, or rightly skipped
1     the run could not be done
2     wrong usage
3     done, but some files failed
130   interrupted; what was stored stays stored
====  ==============================================================
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import click

from ghsync_core.cli.output import complain
from ghsync_core.errors import Cancelled, GhsyncError, UsageError

DONE: Final = 0
FAILED: Final = 1
WRONG_USAGE: Final = 2
SOME_FAILED: Final = 3
INTERRUPTED: Final = 130

_SEVERITY: Final = (DONE, SOME_FAILED, FAILED, INTERRUPTED)


def worst(statuses: list[int]) -> int:
    """The exit status of several runs: 130 before 1 before 3."""
    return max(statuses, key=_SEVERITY.index, default=DONE)


def exit_status(call: Callable[[], object], *, verbose: bool) -> int:
    """Run *call*, which returns an exit status or None, and say on stderr what it raises."""
    try:
        returned = call()
    except click.ClickException as error:
        complain(_usage(error))
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        complain("interrupted")
        return INTERRUPTED
    except GhsyncError as error:
        complain(*str(error).splitlines())
        return status_of(error)
    except Exception as error:
        if verbose:
            import traceback

            click.echo(traceback.format_exc(), err=True, nl=False)
        hint = "please report it" if verbose else "run with -v for the traceback"
        complain(f"{type(error).__name__}: {error}", f"this is a bug in ghsync or in a plugin; {hint}")
        return FAILED
    return returned if type(returned) is int else DONE


def status_of(error: GhsyncError) -> int:
    """The exit status that *error* has."""
    if isinstance(error, UsageError):
        return WRONG_USAGE
    return INTERRUPTED if isinstance(error, Cancelled) else FAILED


def _usage(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    hint = f" (see {context.command_path} --help)" if context else ""
    return f"{error.format_message().rstrip('.')}{hint}"
