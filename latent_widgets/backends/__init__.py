"""Who decodes: one small interface, several places."""
