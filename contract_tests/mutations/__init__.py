"""`scripts/prove`: what may drift, each change by itself, of which the proof must notice every one.

Drifts are found where they lie: in each module with `changes` or `DRIFTS`, and in each `.yaml` here. May import all
but tests.
"""
