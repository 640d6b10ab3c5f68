"""Checks that no tool at hand does: each is a command of `make check` that says what is wrong and how to mend it."""
