"""Everything that is stored: the tables, the engine, and one repository per noun."""
