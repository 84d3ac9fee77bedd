"""What the operations of the contract share."""

from .connection import Contract
from .security import Scheme
from .servers import Server

CONTRACT = Contract(
    version="0.2.0",
    servers=(Server("https://api.roark.ai"),),
    schemes=(Scheme("bearer_token", "header", "Authorization", "Bearer", "ROARK_API_BEARER_TOKEN"),),
    security=(("bearer_token",),),
    required=(("bearer_token",),),
)
