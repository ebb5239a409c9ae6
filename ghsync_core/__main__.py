"""``ghsync``, and ``python -m ghsync_core``."""

import os


def main() -> None:
    """Run the command line; Ctrl-C is no error even while it is being loaded."""
    try:
        from ghsync_core.cli.main import main as command_line

        command_line()
    except KeyboardInterrupt:
        os.write(2, b"ghsync: interrupted\n")
        os._exit(130)


if __name__ == "__main__":
    main()
