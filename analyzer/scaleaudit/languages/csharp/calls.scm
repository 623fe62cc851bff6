(invocation_expression
  function: [
    (identifier) @_called
    (generic_name . (identifier) @_called)
    (member_access_expression
      name: [(identifier) @_called (generic_name . (identifier) @_called)])
    (conditional_access_expression
      (member_binding_expression
        name: [(identifier) @_called (generic_name . (identifier) @_called)]))
  ]
  (#any-of? @_called $CALL_NAMES)) @call
(object_creation_expression
  type: [
    (identifier) @_created
    (generic_name . (identifier) @_created)
    (qualified_name name: (identifier) @_created)
  ]
  (#any-of? @_created $CALL_NAMES)) @call

; the last line: attributes that change what others beside them mean
(attribute
  name: [(identifier) @_annotates (qualified_name name: (identifier) @_annotates)]
  (#any-of? @_annotates $ANNOTATION_NAMES
    "Route" "RoutePrefix" "Area" "NonAction" "ApiController" "Function" "FunctionName")) @annotation
