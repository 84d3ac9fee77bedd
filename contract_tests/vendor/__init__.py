"""`scripts/vendor`: what the vendor's own releases say of our operations, and whether the contract says it too."""
