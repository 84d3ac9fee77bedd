"""An example: an application that takes Vapi's webhooks and forwards each finished call to Roark, once."""
