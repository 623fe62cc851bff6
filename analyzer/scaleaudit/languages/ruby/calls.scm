; by the method's name; the reader tells what the receiver is
(call method: (identifier) @_called (#any-of? @_called $CALL_NAMES)) @call
