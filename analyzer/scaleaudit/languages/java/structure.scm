(package_declaration) @package
(import_declaration) @import

; texts that others may use: constants, fields, what a constructor gives to a field
(field_declaration
  type: (type_identifier) @_text
  (#any-of? @_text "String" "URI" "URL")) @text_field
(constant_declaration
  type: (type_identifier) @_text
  (#any-of? @_text "String" "URI" "URL")) @text_field
(constructor_declaration
  body: (constructor_body
    (expression_statement
      (assignment_expression
        left: (field_access object: (this))
        right: [(string_literal) (binary_expression) (method_invocation)]) @given)))
(constructor_declaration
  body: (constructor_body
    (expression_statement
      (assignment_expression
        left: (identifier)
        right: [(string_literal) (binary_expression) (method_invocation)]) @given)))

; ORDERS("/orders") of an enum
(enum_constant
  arguments: (argument_list . (string_literal) .)) @text_of_enum

; class Shipping extends ShippingGrpc.ShippingImplBase
(superclass
  [(type_identifier) @grpc_base (scoped_type_identifier (type_identifier) @_base .) @grpc_base]
  (#match? @grpc_base "ImplBase$"))
