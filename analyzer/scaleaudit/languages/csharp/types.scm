; names that stand for a type of the tables: fields, locals, properties, parameters
(variable_declaration
  type: [(identifier) @_type (generic_name . (identifier) @_type) (nullable_type (identifier) @_type)]
  (#any-of? @_type $BINDING_NAMES)) @typed
(variable_declaration
  type: (implicit_type)
  (variable_declarator
    (object_creation_expression type: [(identifier) @_type (generic_name . (identifier) @_type)]))
  (#any-of? @_type $BINDING_NAMES)) @typed
(property_declaration
  type: [(identifier) @_type (generic_name . (identifier) @_type) (nullable_type (identifier) @_type)]
  (#any-of? @_type $BINDING_NAMES)) @typed
(parameter
  type: [(identifier) @_type (generic_name . (identifier) @_type) (nullable_type (identifier) @_type)]
  (#any-of? @_type $BINDING_NAMES)) @typed
