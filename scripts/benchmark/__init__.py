"""What the client costs, and whether that stays so when the contract grows: `scripts/bench`.

May import `scripts/contract/`, `scripts/codegen/` and `scripts/compat/`; what it measures runs in processes of its own.
"""
