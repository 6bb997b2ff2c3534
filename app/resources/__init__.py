"""The declaration of a content type: one value from which every surface is made."""

from app.resources.catalogue import Catalogue
from app.resources.declaration import Action, Child, Field, Kind, On, Option, Resource
from app.resources.names import Names

__all__ = ["Action", "Catalogue", "Child", "Field", "Kind", "Names", "On", "Option", "Resource"]
