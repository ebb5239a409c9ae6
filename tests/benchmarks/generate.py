"""Pages for measuring: hybrid ontology pages such as large knowledge repositories hold, the same for the same seed.

A page has the public marker, two fenced json-ld blocks (the page and its class, with parents and relations) and an
outline that repeats some relations as ``- key:: [[link]]`` and links in prose; about 15 KB and 50 edges.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

RELATIONS = ("relatedTo", "enables", "uses", "requires", "hasPart", "supports", "bridgesTo", "implements")
WORDS = (
    "system model data network agent learning protocol layer service policy signal memory graph token sensor control "
    "method space field pattern scale design energy market language vision motion trust value security"
).split()
PROSE_BYTES = 9_000


def pages(count: int, seed: int = 7, prose: int = PROSE_BYTES) -> Iterator[tuple[str, str]]:
    """*count* pairs of path and text, with at least *prose* bytes of outline each."""
    for number in range(count):
        random_ = random.Random(seed * 1_000_003 + number)
        yield f"pages/{title(number)}.md", _page(number, count, random_, prose)


def title(number: int) -> str:
    """The title of page *number*."""
    first, second = WORDS[number % len(WORDS)], WORDS[number // len(WORDS) % len(WORDS)]
    return f"{first.title()} {second.title()} {number}"


def _page(number: int, count: int, random_: random.Random, prose: int) -> str:
    def some(most: int) -> list[int]:
        # Squared, so that some pages are far more popular than others.
        return [int(random_.random() ** 2 * count) for _ in range(random_.randint(1, most))]

    def link(target: int) -> dict[str, str]:
        return {"@id": f"urn:ngm:class:{target}", "label": title(target)}

    relations = {name: some(4) for name in random_.sample(RELATIONS, 6)}
    page = {
        "@context": "https://example.org/context/v1.jsonld",
        "@id": f"urn:example:page:{number}",
        "@type": "Page",
        "title": title(number),
        "vc:public": True,
        "vc:outboundWikilinks": [{"@id": f"urn:linked:{t}", "vc:label": title(t)} for t in some(30)],
    }
    class_ = {
        "@context": "https://example.org/ns/v2.jsonld",
        "@id": f"urn:ngm:class:{number}",
        "@type": "Class",
        "label": title(number),
        "definition": " ".join(random_.choices(WORDS, k=60)),
        "maturity": "emerging",
        "subClassOf": [link(target) for target in some(2)],
        "relations": {name: [link(target) for target in targets] for name, targets in relations.items()},
    }
    lines = ["public:: true", "", f"# {title(number)}"]
    for block in (page, class_):
        lines += ["```json-ld", json.dumps(block, indent=2), "```", ""]
    for name, targets in relations.items():
        lines.append(f"- {name}:: " + ", ".join(f"[[{title(target)}]]" for target in targets))
    size = 0
    while size < prose:
        words = random_.choices(WORDS, k=40)
        if random_.random() < 0.4:
            words[20] = f"[[{title(int(random_.random() ** 2 * count))}]]"
        lines.append("\t- " + " ".join(words))
        size += len(lines[-1])
    return "\n".join(lines) + "\n"
