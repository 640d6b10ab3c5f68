"""A rush for seats while clients and database are killed: `python -m tests.rush --help`."""
