"""The one thing that can be wrong here, said so that it can be put right."""

_SHOWN = 60


class AddressProblem(ValueError):
    """Something in an address, phone or email that the person who typed it can correct.

    `field` is the wire path below the party (`address.postal_code`, `phone`),
    `message` says what was wrong and what would be right.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message

    def __reduce__(self) -> tuple[type["AddressProblem"], tuple[str, str]]:
        return type(self), (self.field, self.message)

    def __repr__(self) -> str:
        return f"AddressProblem({self.field!r}, {self.message!r})"


def shown(text: str) -> str:
    """What was typed, printable and cut to a length that fits a sentence."""
    clean = "".join(letter if letter.isprintable() else " " for letter in text).strip()
    return clean if len(clean) <= _SHOWN else f"{clean[: _SHOWN - 1]}…"
