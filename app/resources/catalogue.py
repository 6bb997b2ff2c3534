"""The catalogue: every Resource of the program, in the order of the menu."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from app.resources.declaration import DeclarationError, Kind, On, Resource
from app.resources.ways import check_ways


class Catalogue:
    """Resources by table name; filled by `create_app` and by nothing else."""

    def __init__(self) -> None:
        self._by_name: dict[str, Resource] = {}

    def add(self, *resources: Resource) -> None:
        """Take resources in; a name or path that is there already is refused."""
        for resource in resources:
            if resource.name in self._by_name:
                raise DeclarationError(f"{resource.name} is declared twice")
            if any(resource.path == other.path for other in self):
                raise DeclarationError(f"{resource.name}: the path /{resource.path}/ is taken")
            check_ways(resource)
            self._by_name[resource.name] = resource

    def check(self) -> None:
        """Refuse to show the public many records of a content type that it does not see, once all are there."""
        for resource in self:
            children = [field for child in resource.children if child.public for field in child.fields]
            for field in (*resource.fields, *children):
                target = self.get(field.target)
                is_told = field.kind is Kind.RELATIONS and field.on & On.PUBLIC
                if is_told and not (target is not None and target.public):
                    raise DeclarationError(f"{resource.name}.{field.name}: {field.target} is not public")

    def get(self, name: str) -> Resource | None:
        """Find a resource by its table name."""
        return self._by_name.get(name)

    def __getitem__(self, name: str) -> Resource:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[Resource]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)

    def fingerprint(self) -> str:
        """Hash what permissions and triggers are made from, so that an unchanged sync can be skipped."""
        digest = hashlib.sha256()
        for resource in self:
            parts = [resource.name, resource.path, *(action.name for action in resource.actions)]
            parts += [f"{field.name}:{field.on.value}" for field in resource.fields]
            for child in resource.children:
                parts += [child.table, *(f"{field.name}:{field.on.value}" for field in child.fields)]
            digest.update("\0".join(parts).encode())
        return digest.hexdigest()
