"""What every operation of the contract shares."""

from .connection import Contract

CONTRACT = Contract(
    version="0.2.0",
    base_url="https://api.roark.ai",
)
