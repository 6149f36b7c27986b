"""What requests are not made, and why."""

from collections.abc import Iterable

import schemathesis


@schemathesis.hook
def filter_query(context, query):
    """Leave out words that are repeated in one field parameter.

    The document copies `uniqueItems` from X's, which takes a repeated word once and
    does not refuse it; COMPATIBILITY.md has this as `repeated-values`.
    """
    return not any(is_field_parameter(name) and repeats(value) for name, value in (query or {}).items())


def is_field_parameter(name):
    return name == "expansions" or name.endswith(".fields")


def repeats(value):
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, Iterable):
        return False
    words = [str(word) for word in value]
    return len(words) != len(set(words))
