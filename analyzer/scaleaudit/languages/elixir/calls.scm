(call
  target: [(identifier) @_called (dot right: (identifier) @_called)]
  (#any-of? @_called $CALL_NAMES)) @call
