"""What every test may use."""

from hypothesis import settings

pytest_plugins = ["support.fixtures", "support.servers.neo4j", "support.servers.postgres"]

settings.register_profile("ghsync", deadline=None)  # how long an example takes is the machine's business
settings.load_profile("ghsync")
