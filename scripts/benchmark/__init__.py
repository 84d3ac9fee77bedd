"""What the client costs, and whether that stays so when the contract grows: `scripts/bench`.

May import `scripts/contract/` and `scripts/codegen/`; what it measures runs in processes of its own.
"""
