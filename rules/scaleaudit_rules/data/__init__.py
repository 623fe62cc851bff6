"""Data: queries and schemas that stop working as rows grow."""
