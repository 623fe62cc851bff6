; what only TypeScript has: types of parameters and fields, enums, its own class fields
(required_parameter
  pattern: (identifier)
  type: (type_annotation [
    (type_identifier) @_type
    (generic_type name: (type_identifier) @_type)
    (nested_type_identifier name: (type_identifier) @_type)])
  (#any-of? @_type $BINDING_NAMES)) @typed
(optional_parameter
  pattern: (identifier)
  type: (type_annotation [
    (type_identifier) @_type
    (generic_type name: (type_identifier) @_type)
    (nested_type_identifier name: (type_identifier) @_type)])
  (#any-of? @_type $BINDING_NAMES)) @typed
(public_field_definition
  type: (type_annotation [
    (type_identifier) @_type
    (generic_type name: (type_identifier) @_type)
    (nested_type_identifier name: (type_identifier) @_type)])
  (#any-of? @_type $BINDING_NAMES)) @typed
(variable_declarator
  name: (identifier)
  type: (type_annotation [
    (type_identifier) @_type
    (generic_type name: (type_identifier) @_type)
    (nested_type_identifier name: (type_identifier) @_type)])
  (#any-of? @_type $BINDING_NAMES)) @typed

(public_field_definition
  value: [
    (call_expression function: [(identifier) @_makes (member_expression property: (property_identifier) @_makes)])
    (new_expression constructor: [(identifier) @_makes (member_expression property: (property_identifier) @_makes)])
  ]
  (#any-of? @_makes $BINDING_NAMES)) @binding

(public_field_definition
  name: (property_identifier)
  value: [(string) (template_string) (binary_expression) (member_expression) (object) (array) (number)
          (new_expression) (call_expression)]) @field

(enum_declaration) @enum

; const config = {...} as const, const config = {...} satisfies Config
(program [
  (lexical_declaration (variable_declarator name: (identifier) value: [
    (as_expression) (satisfies_expression) (non_null_expression)]) @assign)
  (export_statement declaration: (lexical_declaration (variable_declarator name: (identifier) value: [
    (as_expression) (satisfies_expression) (non_null_expression)]) @assign))
  (export_statement value: [(as_expression) (satisfies_expression)]) @default
])
