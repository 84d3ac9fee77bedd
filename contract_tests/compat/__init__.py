"""Tests of what a change of the contract means for callers, and of the verbs that say so."""
