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

# What lies below these keys is data, in which a `$ref` or a `schema` means nothing.
DATA_KEYWORDS = frozenset({"const", "default", "enum", "example", "value"})
