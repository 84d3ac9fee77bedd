"""What a change of the contract means for callers of the client, and whether the version says so.

May import `scripts/contract/` and `scripts/codegen/`.
"""
