"""The public number of an application: derived from who asked with which key, so that asking again gets the same."""

from activities.keyring import Keys


def application_number(keys: Keys, caller: str, route: str, idempotency_key: str) -> str:
    """Sixteen digits, of which the last is a Luhn check digit and the first is not zero."""
    digest = int(keys.digest("number", f"{caller}|{route}|{idempotency_key}"), 16)
    body = str(10**14 + digest % (9 * 10**14))
    return body + luhn_digit(body)


def filing_key(keys: Keys, caller: str, route: str, idempotency_key: str) -> str:
    """The keyed hash under which a filing is the same act."""
    return keys.digest("filing", f"{caller}|{route}|{idempotency_key}")


def luhn_digit(body: str) -> str:
    """The check digit of ISO/IEC 7812-1 annex B: it finds every single wrong digit and most swapped neighbours."""
    doubled = (sum(divmod(int(digit) * 2, 10)) for digit in body[::-1][::2])
    return str(-(sum(doubled) + sum(int(digit) for digit in body[::-1][1::2])) % 10)


def is_application_number(text: str) -> bool:
    """Whether a text can be the number of an application."""
    return len(text) == 16 and text.isascii() and text.isdigit() and luhn_digit(text[:-1]) == text[-1]
