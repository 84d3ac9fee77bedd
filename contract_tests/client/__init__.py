"""What the generated client promises its callers, shown on the client itself."""
