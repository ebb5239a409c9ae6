"""Files of every format, broken in some places at random. `tests/fuzz` does the same for longer, guided by coverage."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fuzzing import TARGETS, Target

_PIECES = st.one_of(
    st.binary(max_size=4),
    st.text(max_size=4).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(
        '[[ ]] (( )) {{ }} ``` ` --- :: :::: | # #[[ %% $$ <!-- --> <div> </ \\ " \' """ < > ( ) [ ] { } , ; & &e; '
        "@ @@ ^ ^^ _: : . - ### OntologyBlock\n \n \r \r\n \t \ufeff \u2028 \u0301 \x0b \x1f".encode().split(b" ")
    ),
)


@st.composite
def _edits(draw: st.DrawFn, target: Target) -> bytes:
    """One of the target's seeds, with pieces of it cut out, doubled, or replaced."""
    data = draw(st.sampled_from(target.seeds)).encode()
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 12)))
        piece = draw(_PIECES)
        way = draw(st.integers(0, 3))
        data = data[:start] + (piece, piece + data[start:end], data[start:end] * 3, b"")[way] + data[end:]
    return data


@pytest.mark.parametrize("name", TARGETS)
def test_a_broken_file_is_read_or_refused(name: str) -> None:
    @settings(max_examples=60, deadline=None)
    @given(_edits(TARGETS[name]))
    def check(data: bytes) -> None:
        TARGETS[name].check(data)

    check()


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_not_broken_is_read(name: str) -> None:
    for seed in TARGETS[name].seeds:
        TARGETS[name].check(seed.encode())
