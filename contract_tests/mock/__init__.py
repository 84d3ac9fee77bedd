"""Tests of the mock server: what it answers, its page, its command, its fixture, and what it bears."""
