"""How the contract becomes the client: say it in Python, write the client, compare or replace a folder.

May import `scripts/contract/`. `runtime/` is copied into the client as it is, so it imports what the client may.
"""
