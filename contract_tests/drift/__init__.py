"""`scripts/drift`: upload the documented samples, run the proof, and say which parties do not agree."""
