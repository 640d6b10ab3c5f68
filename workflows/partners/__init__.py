"""What the procedure asks of the outside. Each class is carried out by the module of the same name in `activities`."""
