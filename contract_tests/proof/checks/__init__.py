"""Checks of one reply beyond its schema. Each holds for any server; one module a family.

A check is a function of the answer and of what the run has seen so far. It yields what it finds.
"""
