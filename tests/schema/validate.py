"""What `fieldscan schema` accepts and refuses. Arguments SCHEMA SCAN…: every scan fits; with one change of a kind that the
program refuses it does not."""
import copy
import json
import re
import sys

import jsonschema
import yaml


class Loader(yaml.SafeLoader):
    """YAML 1.2, as the program and editors read it: `on` is a word, and keys are texts."""


Loader.yaml_implicit_resolvers = {}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), list("tf"))
Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?(0|[1-9][0-9]*)$"), list("-+0123456789"))
number = re.compile(r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")
Loader.add_implicit_resolver("tag:yaml.org,2002:float", number, list("-+.0123456789"))


def with_texts_as_keys(value):
    if isinstance(value, dict):
        return {str(key): with_texts_as_keys(inner) for key, inner in value.items()}
    return [with_texts_as_keys(inner) for inner in value] if isinstance(value, list) else value


def places(value, path=()):
    """Every mapping entry and list item below a value."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield path + (key,)
        yield from places(inner, path + (key,))


def at(value, path):
    for key in path:
        value = value[key]
    return value


places_of_a_scan = 15

# Names that a file invents, and paths of axes, whose spelling only the reader knows.
invented = ("let", "define", "grid", "zip", "fixed", "levels")


def misspelt(scan, path):
    """The scan with a letter more in a key; nothing where any word may stand."""
    if not isinstance(path[-1], str) or (len(path) > 1 and path[-2] in invented) or path[-1] == "kind":
        return None
    if len(path) > 2 and path[-3] == "zip":
        return None
    changed = copy.deepcopy(scan)
    above = at(changed, path[:-1])
    above[path[-1] + "x"] = above.pop(path[-1])
    return changed


def of_another_form(scan, path):
    """An unknown kind, a list where a word or a mapping belongs, a number where a list or a mapping belongs."""
    value = at(scan, path)
    if path[-1] == "kind" and "observe" not in path:
        other = str(value) + "x"
    elif path in (("ridge",), ("seed",), ("data", "train_size"), ("network", "depth"), ("network", "activation")):
        other = [value]
    elif path[-1] in ("grid", "window", "tests", "figures", "ensemble", "data", "linspace", "logspace"):
        other = 3
    elif path[-1] == "noise" and not isinstance(value, str):
        other = -1
    else:
        return None
    changed = copy.deepcopy(scan)
    at(changed, path[:-1])[path[-1]] = other
    return changed


schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
# What an editor shows at a key.
for name, part in [("the file", schema), *schema["definitions"].items()]:
    for key, inner in part.get("properties", {}).items() if "if" not in part else ():
        silent = key == "kind" or name in ("spacing", "times")
        assert silent or inner.get("description"), f"{name}: {key} says nothing of itself"
refused = 0
files = sys.argv[2:]
for file in files:
    scan = with_texts_as_keys(yaml.load(open(file), Loader))
    error = jsonschema.exceptions.best_match(validator.iter_errors(scan))
    if error:
        sys.exit(f"{file}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
    paths = list(places(scan))
    for path in paths[:: max(1, len(paths) // places_of_a_scan)]:
        for change in (misspelt, of_another_form):
            changed = change(scan, path)
            if changed is None:
                continue
            if validator.is_valid(changed):
                sys.exit(f"{file}: {change.__name__} at {'/'.join(map(str, path))} fits the schema")
            refused += 1
print(f"{len(files)} scans fit, {refused} changes of them do not")
assert refused > 10 * len(files)
