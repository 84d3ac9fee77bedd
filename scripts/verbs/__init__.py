"""What runs when a verb writes the client and judges it: `scripts/generate`, its `--watch`, and `scripts/release`.

May import all of `scripts`, and is imported by none of it.
"""
