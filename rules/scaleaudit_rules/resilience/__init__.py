"""Resilience: how one slow or small part takes the others down."""
