"""The steps of the procedure, one module each, in the words of docs/procedure.md. They do not know each other."""
