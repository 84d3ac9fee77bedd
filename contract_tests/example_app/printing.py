"""Text of others, such as keys and what a server answered, as people may be shown it."""


def printable(text: str) -> str:
    """On one line, without what steers a terminal or no database can hold."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in " ".join(text.split()))


def one_line(error: BaseException) -> str:
    """An error with all that led to it."""
    texts = [f"{type(error).__name__}: {error}" if str(error) else type(error).__name__]
    cause = error.__cause__
    while cause is not None:
        texts.append(str(cause))
        cause = cause.__cause__
    return printable(": ".join(texts))
