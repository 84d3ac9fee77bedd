"""What the client logs, and switching it on by the environment variable ROARK_LOG."""

from __future__ import annotations

import logging
import os

LOG_VARIABLE = "ROARK_LOG"

logger = logging.getLogger("roark_client")

_LEVELS = {"info": logging.INFO, "debug": logging.DEBUG}


def switch_on() -> None:
    """Log as ROARK_LOG says: `info` what is sent again, `debug` each attempt too; to stderr where nobody listens."""
    asked = os.environ.get(LOG_VARIABLE, "")
    if not asked:
        return
    level = _LEVELS.get(asked.lower())
    if level is None:
        logger.warning("%s: expected info or debug, got %.60r; nothing is switched on", LOG_VARIABLE, asked)
        return
    logger.setLevel(level)
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(lambda _: not _others_listen(handler))  # an application that logs writes it itself
    logger.addHandler(handler)


def _others_listen(handler: logging.Handler) -> bool:
    """Whether lines are written by another than this handler."""
    others = {*logger.handlers, *logging.getLogger().handlers} - {handler}
    return any(not isinstance(other, logging.NullHandler) for other in others)


switch_on()
