"""Pipelines: the model, its two spellings (YAML and decorators), and the way to the native core."""
