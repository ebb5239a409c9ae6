"""What the stores that speak SQL have in common: facts as rows, references by their digests, sayings merged."""
