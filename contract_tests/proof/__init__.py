"""The tests that hold parties against each other, by pair: `ABOUT` names it, a test's first sentence what it checks.

Nothing here knows what a run is about when it is imported: tests are parametrized by the subject (parametrized.py) as
pytest collects them, and all else asks `chosen()` when it is called. May import the shared modules of
`contract_tests`, the client and the mock, but neither `drift` nor `mutations`, which run it.
"""
