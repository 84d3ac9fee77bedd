"""What the client costs, and whether that stays so when the contract grows."""
