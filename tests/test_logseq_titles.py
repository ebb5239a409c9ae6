"""From file names and settings to titles, and what a graph hides."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.pages import logseq_page, read

from ghsync_core import ContentError, Vault, names
from ghsync_plugins.formats.logseq.dates import format_day, journal_day
from ghsync_plugins.formats.logseq.edn import read_edn
from ghsync_plugins.formats.logseq.titles import page_key, title_of_file
from ghsync_plugins.formats.logseq.vault import LogseqVault

TITLES = [
    # name format, file, title
    ("triple-lowbar", "A___B.md", "A/B"),
    ("triple-lowbar", "A______B.md", "A/B"),
    ("triple-lowbar", "TCP%2FIP.md", "TCP/IP"),
    ("triple-lowbar", "caf%C3%A9.md", "café"),
    ("triple-lowbar", "51% Attack.md", "51% Attack"),
    ("triple-lowbar", "a.b.md", "a.b"),
    ("legacy-dot", "a.b.md", "a/b"),
    ("legacy-dot", "TCP%2FIP.md", "TCP/IP"),
    ("legacy-dot", "51% At%2Ftack.md", "51% At%2Ftack"),
    ("legacy-dot", "bad%C3utf8.md", "bad%C3utf8"),
    (None, "A___B.md", "A/B"),
    (None, "TCP%2FIP.md", "TCP/IP"),
    (None, "51% Attack.md", "51% Attack"),
    (None, "50%25.md", "50%"),
    (None, "a.b.md", "a.b"),
    (None, "bad%C3utf8.md", "bad%C3utf8"),
    (None, "nul%00.md", "nul%00"),
    (None, "%2e%2e%2fetc.md", "../etc"),
    (None, "contents.md", "Contents"),
]


@pytest.mark.parametrize(("form", "name", "title"), TITLES)
def test_a_file_name_stands_for_a_title(form: str | None, name: str, title: str) -> None:
    config = {"name_format": form} if form else {}
    assert title_of_file(f"sub/pages/{name}", Vault("sub", "logseq", config)) == title


def test_only_title_property_and_file_name_name_a_page() -> None:
    assert logseq_page("# H1\n- x").page.label == "Page"
    assert logseq_page("title:: X").page.label == "X"
    assert logseq_page("# T\ntitle:: X").page.label == "Page"
    assert logseq_page("---\ntitle: X\n---\n").page.label == "X"
    assert logseq_page("title:: X", "pages/contents.md").page.label == "Contents"


JOURNALS = [
    "2024-01-02",
    "2024_01_02",
    "Jan 2nd, 2024",
    "jan 2nd, 2024",
]


@pytest.mark.parametrize("title", JOURNALS)
def test_a_day_is_one_page_however_it_is_written(title: str) -> None:
    assert page_key(title) == "2024-01-02"
    assert logseq_page(f"[[{title}]]").targets() == ["2024-01-02"]
    page = logseq_page("- x", f"journals/{title}.md").page
    assert (page.id, page.kind, page.label) == ("page:2024-01-02", "journal", "Jan 2nd, 2024")


def test_a_graph_may_write_its_days_in_its_own_way() -> None:
    page = logseq_page(
        "[[Tuesday, 02.01.2024]]",
        "journals/02-01-2024.md",
        title_format="EEEE, dd.MM.yyyy",
        journal_file_format="dd-MM-yyyy",
    )
    assert (page.page.id, page.page.label) == ("page:2024-01-02", "Tuesday, 02.01.2024")
    assert page.targets() == ["2024-01-02"]


@pytest.mark.parametrize(
    "title", ["Feb 31st, 2024", "2024-13-01", "2024-01", "12 Angry Men", "0000-00-00", "٢٠٢٤-٠١-٠٢"]
)
def test_what_is_no_day_is_a_page(title: str) -> None:
    assert journal_day(title) is None
    assert page_key(title) == names.fold(title)


@given(
    st.dates(min_value=date(1000, 1, 1)),
    st.sampled_from(["MMM do, yyyy", "EEEE, MMMM d, yyyy", "dd/MM/yyyy", "E yyyy-MM-dd"]),
)
def test_any_day_is_read_as_it_is_written(day: date, form: str) -> None:
    assert journal_day(format_day(day, form), form) == day


@given(st.text(max_size=60))
def test_any_title_has_one_key(title: str) -> None:
    key = page_key(title)
    assert page_key(key) == key
    assert "//" not in key


CONFIG = b"""
;; settings
{:hidden ["/script" "old"] #_ :ignored
 :file/name-format :triple-lowbar
 :journal/page-title-format "yyyy-MM-dd EEEE"
 :property/separated-by-commas #{:authors}
 :ignored-page-references-keywords #{:secret}
 :all-pages-public? true
 :default-queries {:journals [{:title "NOW" :query [:find (pull ?h [*]) :where [(>= ?d ?start)]]}]}
 :when #inst "2024-01-01" :char \\a :text "a \\"b\\" \\n"}
"""


def test_the_settings_of_a_graph() -> None:
    config = LogseqVault().configure("g", {"g/logseq/config.edn": CONFIG})
    assert config == {
        "hidden": ["script", "old"],
        "name_format": "triple-lowbar",
        "title_format": "yyyy-MM-dd EEEE",
        "journal_file_format": "yyyy_MM_dd",
        "pages": "pages",
        "journals": "journals",
        "comma_keys": ["authors"],
        "no_reference_keys": ["secret"],
        "all_public": True,
    }
    assert LogseqVault().configure("", {"logseq/config.edn": b"{}"})["name_format"] == "legacy-dot"
    assert LogseqVault().configure("", {}) == {}


@pytest.mark.parametrize(("text", "line"), [("{:a", 1), ("\n}", 2), ("[\n(]", 2), ('"open', 1), ("(" * 100, 1)])
def test_settings_that_cannot_be_read_are_a_content_error(text: str, line: int) -> None:
    with pytest.raises(ContentError, match=r"config\.edn: line") as caught:
        LogseqVault().configure("", {"logseq/config.edn": text.encode()})
    assert caught.value.line == line


@given(st.text(max_size=200))
def test_any_settings_are_read_or_refused(text: str) -> None:
    with suppress(ContentError):
        read_edn(text)


ROOTS = [
    ("logseq/config.edn", ""),
    ("a/b/logseq/custom.css", "a/b"),
    ("a/logseq/bak/pages/x.md", "a"),
    ("a/logseq/version-files/local/x.md", "a"),
    ("markdown-mirror/pages/a.md", "markdown-mirror"),
    ("g/markdown-mirror/journals/2024_01_02.md", "g/markdown-mirror"),
    ("g/markdown-mirror/readme.md", None),
    ("logseq/readme.md", None),
    ("a/logseq/src/main.py", None),
    ("mylogseq/config.edn", None),
    ("logseq", None),
]


@pytest.mark.parametrize(("path", "root"), ROOTS)
def test_what_marks_a_graph(path: str, root: str | None) -> None:
    assert LogseqVault().root(path) == root


LOOKS = [
    ("g/pages/a.md", None),
    ("g/pages/UPPER.MD", None),
    ("g/a.markdown", None),
    ("g/scripted.md", "hidden"),
    ("g/script/a.md", "hidden"),
    ("g/.recycle/a.md", "hidden"),
    ("g/pages/.a.md", "hidden"),
    ("g/logseq/bak/pages/a.md", "hidden"),
    ("g/logseq/version-files/a.md", "hidden"),
    ("g/node_modules/a/readme.md", "hidden"),
    ("g/assets/a.md", "hidden"),
    ("g/whiteboards/w.edn", "whiteboard"),
    ("g/pages/a.org", "org-mode"),
    ("g/logseq/config.edn", "type"),
    ("g/pages/no-extension", "type"),
]


@pytest.mark.parametrize(("path", "reason"), LOOKS)
def test_what_a_graph_does_not_show_is_skipped(path: str, reason: str | None) -> None:
    assert read("- x", path, Vault("g", "logseq", {"hidden": ["script"]})).reason == reason


@pytest.mark.parametrize(
    ("path", "reason"), [(".github/a.md", "hidden"), (".a.md", None), ("a.org", "type"), ("b/a.md", None)]
)
def test_outside_graphs_only_dot_folders_are_hidden(path: str, reason: str | None) -> None:
    assert read("k:: v", path).reason == reason
