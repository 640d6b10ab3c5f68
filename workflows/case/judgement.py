"""What a rule says of a case: nothing, or a refusal by code, with words for people."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """Why something may not be. `code` is the problem code of the contract; `field_name` points into the input."""

    code: str
    why: str
    rule: str = ""
    field_name: str = ""
    details: dict[str, object] = field(default_factory=dict)
