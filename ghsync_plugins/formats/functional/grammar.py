"""The keywords of OWL 2 functional syntax, and what may stand in their parentheses.

OWL 2 Structural Specification (W3C, 2012), sections 5 to 9. Declarations, annotations, imports and prefixes
are no axioms, and are read by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Place = Literal[
    "class", "class name", "range", "object", "object name", "data", "chain", "annotation", "individual", "literal",
    "number", "name", "subject", "value", "facet", "objects", "datas",
]  # fmt: skip
"""What stands in one place. ``object``, ``data`` and ``annotation`` are properties of that kind, ``chain`` is an object
property or a chain of them, ``objects`` and ``datas`` are lists of properties, ``subject`` and ``value`` the ends of an
annotation."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The arguments of a keyword: the ``fixed`` ones, then at least ``least`` more of one sort, or one that may lack.

    Of ``unordered`` ones the additional arguments are a set: canonical text has them sorted and without doubles.
    """

    fixed: tuple[Place, ...] = ()
    more: Place | None = None
    least: int = 0
    most: int | None = None
    unordered: bool = False

    def fits(self, count: int) -> bool:
        """Whether it takes that many arguments."""
        extra = count - len(self.fixed)
        if self.more is None:
            return extra == 0
        return extra >= self.least and (self.most is None or extra <= self.most)

    def place(self, index: int) -> Place:
        """What stands at *index*."""
        return self.fixed[index] if index < len(self.fixed) else self.more or "name"


def _some(place: Place, least: int) -> Shape:
    return Shape((), place, least, unordered=True)


def _restrictions(prefix: str, property_: Place, filler: Place, value: Place) -> dict[str, Shape]:
    counted = Shape(("number", property_), filler, 0, 1)
    return {
        f"{prefix}SomeValuesFrom": Shape((property_, filler)),
        f"{prefix}AllValuesFrom": Shape((property_, filler)),
        f"{prefix}HasValue": Shape((property_, value)),
        **{f"{prefix}{word}Cardinality": counted for word in ("Min", "Max", "Exact")},
    }


CLASSES: Final[dict[str, Shape]] = {
    "ObjectIntersectionOf": _some("class", 2),
    "ObjectUnionOf": _some("class", 2),
    "ObjectComplementOf": Shape(("class",)),
    "ObjectOneOf": _some("individual", 1),
    **_restrictions("Object", "object", "class", "individual"),
    "ObjectHasSelf": Shape(("object",)),
    **_restrictions("Data", "data", "range", "literal"),
}
RANGES: Final[dict[str, Shape]] = {
    "DataIntersectionOf": _some("range", 2),
    "DataUnionOf": _some("range", 2),
    "DataComplementOf": Shape(("range",)),
    "DataOneOf": _some("literal", 1),
    "DatatypeRestriction": Shape(("name",), "facet", 2),
}
EXPRESSIONS: Final[dict[Place, dict[str, Shape]]] = {
    "class": CLASSES,
    "range": RANGES,
    "object": {"ObjectInverseOf": Shape(("object name",))},
    "chain": {"ObjectInverseOf": Shape(("object name",)), "ObjectPropertyChain": Shape((), "object", 2)},
}
"""The expressions that may stand in a place, instead of a name."""


def _property_axioms(prefix: str, property_: Place, range_: Place) -> dict[str, Shape]:
    return {
        f"Sub{prefix}PropertyOf": Shape(("chain" if prefix == "Object" else property_, property_)),
        f"Equivalent{prefix}Properties": _some(property_, 2),
        f"Disjoint{prefix}Properties": _some(property_, 2),
        f"{prefix}PropertyDomain": Shape((property_, "class")),
        f"{prefix}PropertyRange": Shape((property_, range_)),
        f"Functional{prefix}Property": Shape((property_,)),
    }


CHARACTERISTICS: Final = (
    "InverseFunctional", "Reflexive", "Irreflexive", "Symmetric", "Asymmetric", "Transitive",
)  # fmt: skip
"""Those of object properties alone; data properties may be ``Functional`` too."""

AXIOMS: Final[dict[str, Shape]] = {
    "SubClassOf": Shape(("class", "class")),
    "EquivalentClasses": _some("class", 2),
    "DisjointClasses": _some("class", 2),
    "DisjointUnion": Shape(("class name",), "class", 2, unordered=True),
    **_property_axioms("Object", "object", "class"),
    "InverseObjectProperties": Shape(("object", "object")),
    **{f"{name}ObjectProperty": Shape(("object",)) for name in CHARACTERISTICS},
    **_property_axioms("Data", "data", "range"),
    "DatatypeDefinition": Shape(("name", "range")),
    "HasKey": Shape(("class", "objects", "datas")),
    "SameIndividual": _some("individual", 2),
    "DifferentIndividuals": _some("individual", 2),
    "ClassAssertion": Shape(("class", "individual")),
    **dict.fromkeys(
        ("ObjectPropertyAssertion", "NegativeObjectPropertyAssertion"), Shape(("object", "individual", "individual"))
    ),
    **dict.fromkeys(
        ("DataPropertyAssertion", "NegativeDataPropertyAssertion"), Shape(("data", "individual", "literal"))
    ),
    "AnnotationAssertion": Shape(("annotation", "subject", "value")),
    "SubAnnotationPropertyOf": Shape(("annotation", "annotation")),
    "AnnotationPropertyDomain": Shape(("annotation", "name")),
    "AnnotationPropertyRange": Shape(("annotation", "name")),
}

DECLARATION: Final = "Declaration"
ANNOTATION: Final = "Annotation"
IMPORT: Final = "Import"
PREFIX: Final = "Prefix"
RULE: Final = "DLSafeRule"
"""A rule of SWRL, as the OWL API writes it: an axiom that is kept as text alone."""

ENTITIES: Final = frozenset(
    ("Class", "ObjectProperty", "DataProperty", "AnnotationProperty", "NamedIndividual", "Datatype")
)
"""What can be declared."""
