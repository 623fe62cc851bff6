(package_header) @package
(import) @import

; texts that others may use
(property_declaration
  (variable_declaration [
    (user_type (identifier) @_text)
    (nullable_type (user_type (identifier) @_text))
  ])
  (#any-of? @_text "String" "URI" "URL")) @text_field
(property_declaration
  (variable_declaration . (identifier) .)
  [(string_literal) (multiline_string_literal) (binary_expression)]) @text_field
(property_declaration
  (variable_declaration . (identifier) .)
  (call_expression . (navigation_expression (identifier) @_reads .))
  (#any-of? @_reads "getenv" "getProperty" "getRequiredProperty" "getString")) @text_field
(property_declaration
  (variable_declaration . (identifier) .)
  (property_delegate (call_expression . (identifier) @_lazy))
  (#eq? @_lazy "lazy")) @text_field
(class_parameter
  [(user_type (identifier) @_text) (nullable_type (user_type (identifier) @_text))]
  (#any-of? @_text "String" "URI" "URL")) @text_parameter

; class Shipping : ShippingGrpcKt.ShippingCoroutineImplBase()
(delegation_specifier
  (constructor_invocation (user_type) @grpc_base)
  (#match? @grpc_base "ImplBase$"))
