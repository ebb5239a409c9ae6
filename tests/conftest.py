"""What every test may use."""

pytest_plugins = ["support.fixtures", "support.servers.neo4j", "support.servers.postgres"]
