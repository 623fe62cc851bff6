(call_expression
  function: [(identifier) @_called (member_expression property: (property_identifier) @_called)]
  (#any-of? @_called $CALL_NAMES)) @call

(new_expression
  constructor: [(identifier) @_made (member_expression property: (property_identifier) @_made)]
  (#any-of? @_made $CALL_NAMES)) @call

; require("multer")({dest})
(call_expression
  function: (call_expression function: (identifier) @_required arguments: (arguments . (string)))
  (#eq? @_required "require")) @call

(decorator
  [
    (identifier) @_decorates
    (call_expression function: (identifier) @_decorates)
  ]
  (#any-of? @_decorates $ANNOTATION_NAMES)) @annotation

; process.env.KEY, process.env["KEY"], import.meta.env.KEY
(member_expression
  object: (member_expression
    object: (identifier) @_process
    property: (property_identifier) @_env)
  (#any-of? @_process "process" "Bun")
  (#eq? @_env "env")) @env
(subscript_expression
  object: (member_expression
    object: (identifier) @_process
    property: (property_identifier) @_env)
  (#any-of? @_process "process" "Bun")
  (#eq? @_env "env")) @env
(member_expression
  object: (member_expression
    object: (meta_property)
    property: (property_identifier) @_env)
  (#eq? @_env "env")) @env
; const {KEY} = process.env
(variable_declarator
  name: (object_pattern)
  value: (member_expression
    object: (identifier) @_process
    property: (property_identifier) @_env)
  (#eq? @_process "process")
  (#eq? @_env "env")) @env_pattern
