"""PEFT's closed list of adapter types, extended once: the one place where PEFT is changed.

PEFT 0.21 registers a method only if its type stands in the enumeration `PeftType`. Files name the type in capitals, as
for PEFT's own; PEFT alone, without Overtone, refuses to load them.
"""

from typing import Any

from peft import PeftType
from peft.utils import register_peft_method


def add_type(name: str) -> Any:
    """The member of PEFT's enumeration of that name, which is new."""
    member = str.__new__(PeftType, name)
    member._name_, member._value_, member.__objclass__ = name, name, PeftType
    PeftType._member_names_.append(name)
    PeftType._member_map_[name] = PeftType._value2member_map_[name] = member
    type.__setattr__(PeftType, name, member)
    return member


def register(name: str, config: type, tuner: type) -> None:
    """Let PEFT make, save and load adapters of a type that `add_type` has added: its name in small letters."""
    register_peft_method(name=name, config_cls=config, model_cls=tuner)
