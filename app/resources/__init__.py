"""The declaration of a content type: one value from which every surface is made."""

from app.resources.catalogue import Catalogue
from app.resources.clocks import Clock
from app.resources.declaration import Action, Child, Field, Join, Kind, On, Option, Resource
from app.resources.names import Names

__all__ = [
    "Action",
    "Catalogue",
    "Child",
    "Clock",
    "Field",
    "Join",
    "Kind",
    "Names",
    "On",
    "Option",
    "Resource",
]
