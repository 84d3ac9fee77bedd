"""The keywords of JSON Schema 2020-12 and of OpenAPI 3.1."""

# Those that hold a schema, and those that hold several.
SUBSCHEMA = frozenset(
    {
        "additionalProperties", "contains", "contentSchema", "else", "if", "items", "not", "propertyNames", "then",
        "unevaluatedItems", "unevaluatedProperties",
    }
)  # fmt: skip
SUBSCHEMAS = frozenset(
    {"$defs", "allOf", "anyOf", "dependentSchemas", "oneOf", "patternProperties", "prefixItems", "properties"}
)

# Those that say something to a reader, and nothing of a value. Who heeds one of them all the same says so.
ANNOTATIONS = frozenset(
    {
        "$comment", "default", "deprecated", "description", "example", "examples", "externalDocs", "readOnly", "title",
        "writeOnly", "xml",
    }
)  # fmt: skip

# All that hold no schema.
KEYWORDS = ANNOTATIONS | {
    "$anchor", "$dynamicAnchor", "$dynamicRef", "$id", "$ref", "$schema", "const", "contentEncoding",
    "contentMediaType", "dependentRequired", "discriminator", "enum", "exclusiveMaximum", "exclusiveMinimum", "format",
    "maxContains", "maxItems", "maxLength", "maxProperties", "maximum", "minContains", "minItems", "minLength",
    "minProperties", "minimum", "multipleOf", "pattern", "required", "type", "uniqueItems",
}  # fmt: skip

# What lies below these keys is data, in which a `$ref` or a `schema` means nothing; unless the key is a name.
DATA_KEYWORDS = frozenset({"const", "default", "enum", "example", "value"})

# Below these keys of OpenAPI and JSON Schema an object maps names, among which a keyword is just a name. `examples` and
# `parameters` may be lists as well.
NAMED = frozenset(
    {
        "$defs", "callbacks", "content", "dependentSchemas", "encoding", "examples", "headers", "links", "parameters",
        "pathItems", "paths", "patternProperties", "properties", "requestBodies", "responses", "schemas",
        "securitySchemes", "variables", "webhooks",
    }
)  # fmt: skip

# Where extensions stand among fields or names, each of which begins with x-; elsewhere that is a name like any other.
EXTENSIBLE = frozenset({None, "paths", "responses"})
