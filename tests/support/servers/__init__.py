"""Real servers for tests, in temporary folders and on free ports."""
