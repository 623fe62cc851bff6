; class fields as the JavaScript grammar names them
(field_definition property: (property_identifier) value: (_)) @field
