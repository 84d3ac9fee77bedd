"""How the contract becomes the client: read and judge the contract, write the client, compare or replace a folder."""
