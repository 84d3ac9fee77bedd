"""The verbs, and in packages what they do."""
