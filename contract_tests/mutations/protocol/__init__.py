"""Drifts of a server, by hand: what no mechanical change of a schema makes. A table a module, found where it lies.

Each answers as the mock does but for one thing. All replies still fit their schemas, or the fault takes a rare input.
"""
