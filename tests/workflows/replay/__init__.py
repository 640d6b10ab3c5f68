"""A case lives for months: what today's procedure wrote must be understood by tomorrow's."""
