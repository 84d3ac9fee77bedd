"""The proof: documents, contract, client and a server agree. Run by `scripts/drift`."""
