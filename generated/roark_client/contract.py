"""What every operation of the contract shares."""

from .connection import Contract

CONTRACT = Contract(
    version="0.1.1",
    base_url="https://api.roark.ai",
)
