"""Tests of the verbs, the checkout, the package and the README. Imported by nothing, as all tests."""
