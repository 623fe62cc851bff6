; calls that the tables name, and objects made of classes that they name
(function_call_expression
  function: [(name) @_called (qualified_name (name) @_called)]
  (#any-of? @_called $CALL_NAMES)) @call

(member_call_expression name: (name) @_called (#any-of? @_called $CALL_NAMES)) @call
(nullsafe_member_call_expression name: (name) @_called (#any-of? @_called $CALL_NAMES)) @call
(scoped_call_expression name: (name) @_called (#any-of? @_called $CALL_NAMES)) @call

(object_creation_expression
  [(name) @_made (qualified_name (name) @_made)]
  (#any-of? @_made $CALL_NAMES)) @call

(attribute
  [(name) @_annotates (qualified_name (name) @_annotates)]
  (#any-of? @_annotates $ANNOTATION_NAMES)) @annotation
