(call
  function: [(identifier) @_called (attribute attribute: (identifier) @_called)]
  (#any-of? @_called $CALL_NAMES)) @call

(decorator
  [
    (identifier) @_decorates
    (attribute attribute: (identifier) @_decorates)
    (call function: [(identifier) @_decorates (attribute attribute: (identifier) @_decorates)])
  ]
  (#any-of? @_decorates $ANNOTATION_NAMES)) @annotation
