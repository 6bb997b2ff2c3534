"""What the public contract says of an answer, for every test that gets one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import Flask
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from app.surfaces.contract.openapi import document

PREFIX = "/public/v1/"
ROOT = "urn:contract"
UNDECLARED = {405, 500}
"""What no operation declares: a method that is not there, and a fault of ours."""


class Contract:
    """A document, ready to hold answers against."""

    def __init__(self, written: Mapping[str, Any]) -> None:
        self.written = written
        root = Resource.from_contents(dict(written), default_specification=DRAFT202012)
        self.registry: Registry[Any] = Registry().with_resource(ROOT, root)
        self.paths = {
            re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)) + r"\Z"): path
            for path in sorted(written["paths"], key=lambda path: path.count("{"))
        }

    def operation(self, method: str, path: str) -> Mapping[str, Any] | None:
        """Find the operation that answers, if the contract has it; a fixed path goes before one with variables."""
        for pattern, name in self.paths.items():
            if pattern.match(path) and method.lower() in self.written["paths"][name]:
                found: Mapping[str, Any] = self.written["paths"][name][method.lower()]
                return found
        return None

    def faults(self, schema: Mapping[str, Any], value: Any) -> list[str]:
        """List what keeps a value from being of a schema."""
        grounded = {"$id": "urn:here", **_absolute(schema)}
        checker = Draft202012Validator(grounded, registry=self.registry, format_checker=FormatChecker())
        return [
            f"{'/'.join(map(str, fault.absolute_path))}: {fault.message}"
            for fault in checker.iter_errors(value)
        ]

    def complain(self, method: str, path: str, answer: Any) -> list[str]:
        """List how an answer differs from the contract; nothing is said of what the contract does not have."""
        operation = self.operation(method, path)
        if operation is None or answer.status_code in UNDECLARED or method == "HEAD":
            return []
        said = operation["responses"].get(str(answer.status_code))
        if said is None:
            return [f"status {answer.status_code} is not in the contract"]
        content = said.get("content")
        if content is None:
            return []
        if answer.mimetype not in content:
            return [f"content type {answer.mimetype} is not in the contract"]
        return self.faults(content[answer.mimetype]["schema"], answer.get_json())


def _absolute(schema: Any) -> Any:
    if isinstance(schema, Mapping):
        return {
            name: ROOT + value if name == "$ref" and isinstance(value, str) else _absolute(value)
            for name, value in schema.items()
        }
    return [_absolute(item) for item in schema] if isinstance(schema, list) else schema


@lru_cache(maxsize=2)
def contract_of(app: Flask) -> Contract:
    """Give the contract of a program."""
    with app.app_context():
        return Contract(document(app, app.extensions["catalogue"]))


def hold_to_contract(app: Flask, answer: Any) -> None:
    """Fail when an answer of the public side is not what its contract says."""
    request = answer.request
    if not request.path.startswith(PREFIX):
        return
    complaints = contract_of(app).complain(request.method, request.path, answer)
    assert not complaints, f"{request.method} {request.path} {answer.status_code}: {complaints[:5]}"
