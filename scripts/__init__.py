"""The verbs, and in `codegen` how the contract becomes the client."""
