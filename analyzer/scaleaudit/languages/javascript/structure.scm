(import_statement) @import
(export_statement source: (string)) @import
(call_expression
  function: (identifier) @_require
  arguments: (arguments . (string))
  (#eq? @_require "require")) @require
(call_expression function: (import) arguments: (arguments . (string))) @dynamic

; names bound at module level to something that may be a text, an object or state
(program [
  (lexical_declaration (variable_declarator name: (identifier) value: [
    (string) (template_string) (binary_expression) (member_expression) (call_expression)
    (new_expression) (object) (array) (number) (identifier) (null) (undefined) (subscript_expression)
    (parenthesized_expression) (await_expression)]) @assign)
  (variable_declaration (variable_declarator name: (identifier) value: [
    (string) (template_string) (binary_expression) (member_expression) (call_expression)
    (new_expression) (object) (array) (number) (identifier) (null) (undefined) (subscript_expression)
    (parenthesized_expression)]) @assign)
  (export_statement declaration: (lexical_declaration (variable_declarator name: (identifier) value: [
    (string) (template_string) (binary_expression) (member_expression) (call_expression)
    (new_expression) (object) (array) (number) (identifier) (null) (undefined) (subscript_expression)
    (parenthesized_expression) (await_expression)]) @assign))
  (expression_statement (assignment_expression left: (member_expression) right: [
    (string) (template_string) (binary_expression) (member_expression) (object) (identifier)
    (number) (call_expression) (new_expression)]) @exported)
  (export_statement value: [(object) (identifier)]) @default
])

; const {Pool} = pg
(variable_declarator name: (object_pattern) value: (identifier)) @unpack

; const app = express(); this.pool = new Pool(); const channel = await connection.createChannel()
(variable_declarator
  name: (identifier)
  value: [
    (call_expression function: [(identifier) @_makes (member_expression property: (property_identifier) @_makes)])
    (new_expression constructor: [(identifier) @_makes (member_expression property: (property_identifier) @_makes)])
    (await_expression (call_expression function: [(identifier) @_makes (member_expression property: (property_identifier) @_makes)]))
    (call_expression function: (call_expression function: (identifier) @_makes))
  ]
  (#any-of? @_makes "require" $BINDING_NAMES)) @binding
(assignment_expression
  right: [
    (call_expression function: [(identifier) @_makes (member_expression property: (property_identifier) @_makes)])
    (new_expression constructor: [(identifier) @_makes (member_expression property: (property_identifier) @_makes)])
    (await_expression (call_expression function: [(identifier) @_makes (member_expression property: (property_identifier) @_makes)]))
  ]
  (#any-of? @_makes $BINDING_NAMES)) @binding

; this.url = `${process.env.URL}/v1`
(assignment_expression
  left: (member_expression object: (this))
  right: [(string) (template_string) (binary_expression) (member_expression)]) @own_field

; axios.defaults.timeout = 5000
(assignment_expression
  left: (member_expression
    object: (member_expression property: (property_identifier) @_defaults)
    property: (property_identifier))
  (#eq? @_defaults "defaults")) @setting

; route handlers of Next.js and its like: functions exported under the name of an HTTP method
(export_statement
  declaration: [
    (function_declaration name: (identifier) @served)
    (lexical_declaration (variable_declarator name: (identifier) @served))
  ]
  (#any-of? @served "GET" "HEAD" "POST" "PUT" "PATCH" "DELETE" "OPTIONS"))
(export_statement
  (export_clause (export_specifier) @served_as)
  (#match? @served_as "(^|\\s)(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$"))
(export_statement "default" declaration: (function_declaration) @default_handler)
