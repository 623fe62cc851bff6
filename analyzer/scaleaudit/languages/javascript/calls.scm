; calls that the tables name, and calls that make objects whose methods they name
(call_expression
  function: [(identifier) @_called (member_expression property: (property_identifier) @_called)]
  (#any-of? @_called $CALL_NAMES $BINDING_NAMES)) @call

(new_expression
  constructor: [(identifier) @_made (member_expression property: (property_identifier) @_made)]
  (#any-of? @_made $CALL_NAMES $BINDING_NAMES)) @call

(decorator
  [
    (identifier) @_decorates
    (call_expression function: (identifier) @_decorates)
  ]
  (#any-of? @_decorates $ANNOTATION_NAMES)) @annotation
