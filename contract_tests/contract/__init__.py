"""Tests of the one reader of contracts."""
