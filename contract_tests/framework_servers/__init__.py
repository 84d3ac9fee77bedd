"""Servers as teams write them who know the vendor's pages and not our contract, and what is to be told of each.

Each is lax and picky in the ways of its framework, which hurts no caller. Each can be given one deviation that does,
by name, with what is to be told of it. They import nothing of ours but `deviation.py`.
"""
