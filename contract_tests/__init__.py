"""The proof that documents, contract, client and a server agree, and the tests of all that makes it.

What stands in modules here is shared: what a run is about, what it finds, whom it asks. `mutations` knows `drift`,
which knows `proof`, which knows these modules. May import the client, the mock and `scripts`, none of which imports it.
"""
