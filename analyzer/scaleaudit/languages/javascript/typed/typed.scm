; class fields as the TypeScript grammars name them
(public_field_definition name: (property_identifier) value: (_)) @field
