"""Canonical OWL axioms made from the grammar, for tests that print and read them again."""

from __future__ import annotations

from hypothesis import strategies as st

Texts = st.SearchStrategy[str]

LAYOUTS = [" ", "  ", "\n ", "\t", " # a comment\n", " ; another\n", "\n// and (\n"]
"""What may stand between two words."""

NAMES = st.sampled_from("A B C Été x-1 a.b 3D".split()).map("<http://example.org/{}>".format)
DATATYPES = st.sampled_from(["string", "integer", "date"]).map("<http://www.w3.org/2001/XMLSchema#{}>".format)
VALUES = st.text("abé(#)<>;1", max_size=6)
LITERALS = st.one_of(
    st.builds('"{}"^^{}'.format, VALUES, DATATYPES),
    st.builds('"{}"@{}'.format, VALUES, st.sampled_from(["en", "de-CH"])),
)
NUMBERS = st.integers(0, 12).map(str)
PROPERTIES = st.one_of(NAMES, NAMES.map("ObjectInverseOf({})".format))


def _call(keyword: str, *arguments: Texts) -> Texts:
    return st.tuples(*arguments).map(lambda texts: f"{keyword}({' '.join(texts)})")


def _set(keyword: str, members: Texts, least: int = 2) -> Texts:
    some = st.lists(members, min_size=least, max_size=4, unique=True)
    return some.map(lambda texts: f"{keyword}({' '.join(sorted(texts))})")


def _restrictions(prefix: str, property_: Texts, filler: Texts, value: Texts) -> list[Texts]:
    counted = [f"{prefix}{word}Cardinality" for word in ("Min", "Max", "Exact")]
    return [
        _call(f"{prefix}SomeValuesFrom", property_, filler),
        _call(f"{prefix}AllValuesFrom", property_, filler),
        _call(f"{prefix}HasValue", property_, value),
        *(_call(word, NUMBERS, property_) for word in counted),
        *(_call(word, NUMBERS, property_, filler) for word in counted),
    ]


def _larger_range(inner: Texts) -> Texts:
    return st.one_of(_set("DataIntersectionOf", inner), _set("DataUnionOf", inner), _call("DataComplementOf", inner))


def _larger_class(inner: Texts) -> Texts:
    return st.one_of(
        _set("ObjectIntersectionOf", inner),
        _set("ObjectUnionOf", inner),
        _call("ObjectComplementOf", inner),
        *_restrictions("Object", PROPERTIES, inner, NAMES),
    )


RANGES = st.recursive(st.one_of(DATATYPES, _set("DataOneOf", LITERALS, 1)), _larger_range, max_leaves=4)
CLASSES = st.recursive(
    st.one_of(
        NAMES,
        _set("ObjectOneOf", NAMES, 1),
        _call("ObjectHasSelf", PROPERTIES),
        *_restrictions("Data", NAMES, RANGES, LITERALS),
    ),
    _larger_class,
    max_leaves=6,
)


def _of_properties(prefix: str, property_: Texts, range_: Texts) -> list[Texts]:
    return [
        _call(f"Sub{prefix}PropertyOf", property_, property_),
        _set(f"Equivalent{prefix}Properties", property_),
        _set(f"Disjoint{prefix}Properties", property_),
        _call(f"{prefix}PropertyDomain", property_, CLASSES),
        _call(f"{prefix}PropertyRange", property_, range_),
        _call(f"Functional{prefix}Property", property_),
    ]


def _key(class_: str, properties: list[str]) -> str:
    return f"HasKey({class_} ({' '.join(sorted(properties))}) ())"


AXIOMS = st.one_of(
    _call("SubClassOf", CLASSES, CLASSES),
    _set("EquivalentClasses", CLASSES),
    _set("DisjointClasses", CLASSES),
    st.builds(
        "DisjointUnion({} {})".format, NAMES, st.lists(CLASSES, min_size=2, unique=True).map(sorted).map(" ".join)
    ),
    *_of_properties("Object", PROPERTIES, CLASSES),
    *_of_properties("Data", NAMES, RANGES),
    _call("SubObjectPropertyOf", _call("ObjectPropertyChain", PROPERTIES, PROPERTIES, NAMES), PROPERTIES),
    _set("InverseObjectProperties", PROPERTIES).filter(lambda text: text.count("<") == 2),
    *(
        _call(f"{word}ObjectProperty", PROPERTIES)
        for word in ("InverseFunctional", "Reflexive", "Irreflexive", "Symmetric", "Asymmetric", "Transitive")
    ),
    _call("DatatypeDefinition", NAMES, RANGES),
    st.builds(_key, CLASSES, st.lists(PROPERTIES, min_size=1, max_size=3, unique=True)),
    _set("SameIndividual", NAMES),
    _set("DifferentIndividuals", NAMES),
    _call("ClassAssertion", CLASSES, NAMES),
    *(_call(f"{no}ObjectPropertyAssertion", PROPERTIES, NAMES, NAMES) for no in ("", "Negative")),
    *(_call(f"{no}DataPropertyAssertion", NAMES, NAMES, LITERALS) for no in ("", "Negative")),
    _call("AnnotationAssertion", NAMES, NAMES, st.one_of(NAMES, LITERALS)),
    _call("SubAnnotationPropertyOf", NAMES, NAMES),
    _call("AnnotationPropertyDomain", NAMES, NAMES),
    _call("AnnotationPropertyRange", NAMES, NAMES),
)


def canonical_axioms() -> st.SearchStrategy[list[str]]:
    """Some axioms, each as its canonical text."""
    return st.lists(AXIOMS, min_size=1, max_size=4)
