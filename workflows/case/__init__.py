"""Facts and rules of one application: pure, and ignorant of the engine."""
