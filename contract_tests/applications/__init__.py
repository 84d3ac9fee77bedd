"""Three small applications as users write them, from the README alone: each uses the client, and its tests the mock."""
