"""Whatever a file holds, the answer is a catalogue or its faults, and each fault has its place."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.catalogue import CatalogueError, Problem, load_directory
from tests.contract.test_catalogue_faults import REGIMES, TEXTS

PIECES = st.sampled_from(
    [
        "&a ",
        "*a",
        "!!int ",
        "? ",
        "- ",
        ": ",
        "[",
        "}",
        '"',
        "\n",
        "\t",
        "|\n",
        "#",
        "%",
        "null",
        "ё",
    ]
)
SPOILT = st.builds(
    lambda at, length, piece: REGIMES[:at] + piece + REGIMES[at + length :],
    st.integers(0, len(REGIMES)),
    st.integers(0, 12),
    PIECES,
)


def faults(content: bytes) -> tuple[Problem, ...]:
    with TemporaryDirectory() as folder:
        for name, text in TEXTS.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        (Path(folder) / "regimes.yaml").write_bytes(content)
        try:
            load_directory(Path(folder))
        except CatalogueError as error:
            return error.problems
    return ()


@settings(max_examples=100, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=40),
        st.text(max_size=40).map(lambda text: text.encode("utf-8", "replace")),
        SPOILT.map(str.encode),
    )
)
def test_any_content_is_read_or_refused_with_places(content: bytes) -> None:
    last = len(content.decode("utf-8", "replace").splitlines()) + 1
    for problem in faults(content):
        assert 1 <= problem.line <= last
        assert problem.sentence
