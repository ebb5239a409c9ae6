"""The keys of an OntologyBlock and what they mean. Keys are folded: lower case, ``-`` for ``_``."""

from __future__ import annotations

from typing import Final, Literal

PropertyKind = Literal["object", "data", "annotation", "unknown"]

HOUSEKEEPING: Final = frozenset({"id", "collapsed", "owl:functional-syntax"})
"""Logseq's own keys, and a flag: they say nothing of the class."""

CLASS: Final = frozenset({"owl:class", "owl-class"})
LABEL: Final = frozenset({"preferred-term", "label"})
COMMENT: Final = frozenset({"definition", "description"})
PARENT: Final = frozenset({"is-subclass-of", "subclassof", "is-a"})
KIND: Final = frozenset({"owl:physicality", "owl:role", "owl:inferred-class"})
OTHER_NAMES: Final = frozenset({"alt-terms", "synonyms"})
CLASS_AXIOMS: Final = {"disjoint-with": "DisjointClasses", "equivalent-to": "EquivalentClasses"}

PROPERTY: Final[dict[str, PropertyKind]] = {"objectproperty": "object", "dataproperty": "data", "owl:iri": "unknown"}
PROPERTY_TYPE: Final = "owl:type"
PROPERTY_TYPES: Final[dict[str, PropertyKind]] = {
    "objectproperty": "object",
    "datatypeproperty": "data",
    "dataproperty": "data",
    "annotationproperty": "annotation",
}
ENDS: Final = {"owl:domain": "Domain", "domain": "Domain", "owl:range": "Range", "range": "Range"}
CHARACTERISTICS: Final = "owl:characteristics"
CHARACTERISTIC_NAMES: Final = (
    "InverseFunctional", "Functional", "Reflexive", "Irreflexive", "Symmetric", "Asymmetric", "Transitive",
)  # fmt: skip
INVERSE: Final = "owl:inverse-of"
SUPER_PROPERTY: Final = "owl:sub-property-of"

_SCALARS: Final = frozenset(
    "term-id status maturity source-domain version public-access last-updated quality-score source".split()
)

CLASS_SIGNS: Final = LABEL | COMMENT | PARENT | KIND | OTHER_NAMES | CLASS_AXIOMS.keys() | {"term-id"}
"""Keys that only a class has: a block with one of them defines a class, even where it does not say which."""

RECOGNISED: Final = CLASS | CLASS_SIGNS | PROPERTY.keys() | _SCALARS
"""Keys that show that a block is meant as an OntologyBlock."""
