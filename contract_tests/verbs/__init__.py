"""Tests of the verbs, the mock, its fixture, the package and the README."""
