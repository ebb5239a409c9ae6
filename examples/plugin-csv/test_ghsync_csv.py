"""What the plugin makes of a file. Run it with ``python -m pytest`` in this folder."""

from ghsync_csv import CsvParser, register_detectors

from ghsync_core import Document, Edge, FileRef, Name, Reference, Vault, git_blob_id

DATA = b"sort,plant,note\nRoma,[[Tomato]],red\nShort\nLong,,,[[more]],cells\n"


def parse(data: bytes, vault: Vault | None = None):
    return CsvParser().parse(Document(FileRef("seeds.csv", git_blob_id(data), len(data)), data, vault))


def test_a_row_becomes_a_node_with_its_cells_and_its_line():
    first, *_ = parse(DATA).nodes
    assert (first.id, first.kind, first.label, first.line) == ("row:seeds.csv#Roma", "row", "Roma", 2)
    assert first.properties == {"sort": "Roma", "plant": "[[Tomato]]", "note": "red"}


def test_rows_may_be_shorter_and_longer_than_the_header():
    assert [(node.label, node.line) for node in parse(DATA).nodes] == [("Roma", 2), ("Short", 3), ("Long", 4)]


def test_a_cell_that_names_a_page_becomes_an_edge_of_its_column():
    tomato = Reference((Name("vault:", "tomato"),), "page:tomato", "Tomato")
    assert parse(DATA).edges == (Edge("row:seeds.csv#Roma", tomato, "plant", 2),)


def test_names_are_those_of_the_vault_that_the_file_lies_in():
    [edge] = parse(DATA, Vault("garden", "logseq")).edges
    assert edge.target == Reference((Name("vault:garden", "tomato"),), "page:garden//tomato", "Tomato")


def test_an_empty_file_says_nothing():
    assert not parse(b"").nodes
    assert not parse(b"only,a,header\n").nodes


def test_files_are_known_by_their_suffix_in_any_case():
    [detector] = register_detectors()
    assert detector.look(FileRef("a/B.CSV", "", 1), Vault()) is None
    assert detector.look(FileRef("a.csv.md", "", 1), Vault()) == "type"
