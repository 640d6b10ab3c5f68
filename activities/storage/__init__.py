"""Our own database: tables, writes, reads, migrations. What must not break is a constraint of the schema."""
