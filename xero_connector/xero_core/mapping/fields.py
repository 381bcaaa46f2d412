"""Helpers the mappings share: small readers of nested payloads."""


def nested(payload: dict, key: str) -> dict:
    """The object under `key`, {} for null, a missing key, or something else."""
    value = payload.get(key)
    return value if isinstance(value, dict) else {}


def rows(payload: dict, key: str) -> list[dict]:
    """The list of objects under `key`, [] for null or a missing key."""
    value = payload.get(key)
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def filled(payload: dict) -> dict:
    """The payload without keys that have nothing to say."""
    return {key: value for key, value in payload.items() if value not in ("", None, [])}
