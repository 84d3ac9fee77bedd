"""Checks of one reply beyond its schema. Each holds for any server; one module a family.

A check is a public function of the answer and of what the run has seen so far, which yields what it finds: it is found
by that type, and listed nowhere.
"""
