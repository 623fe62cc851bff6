; class fields as the JavaScript grammar names them
(field_definition
  value: [
    (call_expression function: [(identifier) @_makes (member_expression property: (property_identifier) @_makes)])
    (new_expression constructor: [(identifier) @_makes (member_expression property: (property_identifier) @_makes)])
  ]
  (#any-of? @_makes $BINDING_NAMES)) @binding

(field_definition
  property: (property_identifier)
  value: [(string) (template_string) (binary_expression) (member_expression) (object) (array) (number)
          (new_expression) (call_expression)]) @field
