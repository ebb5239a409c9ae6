"""The ``ghsync`` command line. Each command is a module, which imports nothing heavy until it is run."""
