"""The samples."""
