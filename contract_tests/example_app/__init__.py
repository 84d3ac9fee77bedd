"""An example: an application that takes in calls, by Vapi's webhooks or from files, and forwards each to Roark once."""
