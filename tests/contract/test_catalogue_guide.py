"""The guide to the catalogue's format tells the truth."""

import re
from pathlib import Path

from schemas.catalogue import load_directory
from schemas.plan_values import PlanValues

GUIDE = (Path(__file__).parents[2] / "docs" / "catalogue.md").read_text(encoding="utf-8")


def test_the_guides_example_loads(tmp_path: Path) -> None:
    examples = re.findall(r"```yaml\n# (\w+\.yaml)\n(.*?)```", GUIDE, re.DOTALL)
    for name, text in examples:
        (tmp_path / name).write_text(text, encoding="utf-8")
    catalogue = load_directory(tmp_path)
    assert catalogue.services[0].code == "passport"
    assert catalogue.regimes[0].rules == PlanValues(group_admission=True, group_size=10)


def test_the_guide_lists_every_plan_value_and_no_other() -> None:
    table = GUIDE.partition("## Plan values")[2]
    first_cells = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    listed = [value for cell in first_cells for value in re.findall(r"`(\w+)`", cell)]
    assert sorted(listed) == sorted(PlanValues.__struct_fields__)
