"""`scripts/drift`: upload the documented samples, run the proof, and say which parties do not agree.

It reads what each module of the proof says of itself and has pytest run them. May import all but `mutations` and tests.
"""
