"""The catalogue of services, branches and regimes: its format, its checks and the shipped data."""

from pathlib import Path

from schemas.catalogue.directory import Catalogue, load_directory
from schemas.catalogue.problems import CatalogueError, Problem

SHIPPED = Path(__file__).parent / "kazakhstan"
"""The directory that comes with the product."""

__all__ = ["SHIPPED", "Catalogue", "CatalogueError", "Problem", "load_directory"]
