"""Tests of what a contract becomes in Python, before any file is written."""
