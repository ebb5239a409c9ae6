"""What every test may use."""

pytest_plugins = ["support.fixtures", "support.servers.postgres"]
