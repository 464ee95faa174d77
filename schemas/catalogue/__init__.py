"""The catalogue of services, branches and regimes: its format, its checks and the shipped data."""

from schemas.catalogue.directory import Catalogue, load_directory
from schemas.catalogue.problems import CatalogueError, Problem

__all__ = ["Catalogue", "CatalogueError", "Problem", "load_directory"]
