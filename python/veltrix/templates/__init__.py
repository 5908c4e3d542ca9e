"""Pipelines that run as they are and are meant to be copied: one folder each."""
