"""What a case costs, beside a bare workflow that does nothing: `python -m tests.benchmarks --help`."""
