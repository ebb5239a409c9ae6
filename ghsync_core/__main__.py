"""``python -m ghsync_core`` is ``ghsync``."""

from ghsync_core.cli.main import main

if __name__ == "__main__":
    main()
