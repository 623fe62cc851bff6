(package_clause (package_identifier) @package)
(import_spec) @import

(function_declaration) @function
(method_declaration) @function
(type_spec type: (struct_type)) @struct

(source_file (const_declaration) @constants)
(source_file (var_declaration) @variables)

; struct tags of the libraries that fill a struct from the environment
(field_declaration
  tag: (_) @_tag
  (#match? @_tag "\\b(env|envconfig):\"")) @tagged

; Config{BillingURL: "http://billing:8080"}
(keyed_element
  value: (literal_element (interpreted_string_literal) @_address)
  (#match? @_address "^\"([a-z][a-z0-9+]*://[^\"]+|[a-zA-Z][a-zA-Z0-9.-]*:[0-9]{2,5})\"$")) @addressed
