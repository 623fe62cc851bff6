(using_directive) @import
(namespace_declaration name: (_) @namespace)
(file_scoped_namespace_declaration name: (_) @namespace)

; texts that others may use
(field_declaration
  (variable_declaration
    type: [(predefined_type) (identifier)] @_text
    (variable_declarator (_)))
  (#any-of? @_text "string" "String" "Uri")) @text_field

; what a class is made to be: a served gRPC service, a consumer, a background service
(class_declaration (base_list) @bases)

; configuration["Billing:Url"]
(element_access_expression
  expression: [
    (identifier) @_read
    (member_access_expression name: (identifier) @_read)
  ]
  (#match? @_read "^_?[A-Za-z]*[cC]onfig(uration)?$")) @setting

; configuration.GetConnectionString("Billing")
(invocation_expression
  function: (member_access_expression name: (identifier) @_connects)
  (#eq? @_connects "GetConnectionString")) @setting

; defaults of classes that settings are bound to
(property_declaration
  type: [(predefined_type) (identifier) (nullable_type)]
  value: [(string_literal) (interpolated_string_expression) (verbatim_string_literal)]) @text_property

; client.BaseAddress = new Uri(x)
(assignment_expression
  left: (member_access_expression name: (identifier) @_address)
  (#match? @_address "^(BaseAddress|RequestUri)$")) @client_address

; group.MapOrders(): an extension method that maps routes
(invocation_expression
  function: (member_access_expression name: (identifier) @_maps)
  (#match? @_maps "^Map[A-Z]")) @mapped
