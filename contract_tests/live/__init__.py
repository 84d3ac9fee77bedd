"""Tests of what guards a real service: no account is hurt, and no secret is told.

A server on another machine is played by one on loopback: the gate does not mind where its server is.
"""
