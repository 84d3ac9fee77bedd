"""`scripts/try-contracts`: what becomes of contracts that nobody here wrote, step by step, in a table.

Each step runs in a process of its own: `reading`, `writing`, `importing`, `calling`, and the proof as `scripts/drift`
runs it. What is sent and answered is made from the contract (`samples.py`) and judged by it (`requests.py`), without
asking the client or the proof what they take it for.
"""
