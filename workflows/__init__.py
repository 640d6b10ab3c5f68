"""The procedure: its facts and rules, what it asks of the outside, and the workflow that carries it out."""
